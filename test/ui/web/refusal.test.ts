import { suite } from "uvu";
import * as assert from "uvu/assert";
import { AlreadyDecided, BadRequest } from "../../../core/web.ts";
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

s.run();
