import { suite } from "uvu";
import * as assert from "uvu/assert";
import { AlreadyDecided, BadRequest } from "../../../core/web.ts";
import { Unavailable } from "../../../core/lib/retryable.ts";
import { refusalOf } from "../../../ui/web/refusal.ts";
import { requestOf } from "../../support/build/update_request.ts";

const s = suite("ui/web, what is refused");

s("what cannot be done is told apart from what somebody else did first", () => {
  const wrong = new BadRequest("1 .5 is no version of what app runs", "image", 409);
  assert.is(refusalOf(wrong)?.title, "This cannot be done");
  const decided = new AlreadyDecided(requestOf({ decision: { approved: true, by: "ann" } }));
  const late = new BadRequest("it was decided", undefined, 409, decided);
  assert.is(refusalOf(late)?.title, "It cannot be done any more");
  assert.is(refusalOf(new Error("a fault")), undefined);
});

const told = async (error: Error) => String(await refusalOf(error)!.words);

s("times in what is refused are those of the reader's zone, and one second is one", async () => {
  const window = new BadRequest("not before 2026-01-01T12:03:00.000Z", undefined, 409);
  assert.match(await told(window), /^not before <time datetime="2026-01-01T12:03:00Z"/);
  assert.match(await told(new Unavailable("the API server is away", 1)), /try again in 1 second$/);
});

s("a phase is called as it is everywhere else", async () => {
  const gone = requestOf({ phase: "RolledBack", message: "it crashed" });
  const late = new BadRequest("late", undefined, 409, new AlreadyDecided(gone));
  assert.match(await told(late), "it is Rolled back");
});

s.run();
