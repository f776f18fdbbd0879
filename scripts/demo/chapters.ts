import approval from "./chapters/approval.ts";
import automatic from "./chapters/automatic.ts";
import type { Chapter } from "./chapter.ts";
import chart from "./chapters/chart.ts";
import failure from "./chapters/failure.ts";
import goingBack from "./chapters/going_back.ts";
import initContainer from "./chapters/init_container.ts";
import mistake from "./chapters/mistake.ts";
import movingTag from "./chapters/moving_tag.ts";
import polling from "./chapters/polling.ts";
import rejection from "./chapters/rejection.ts";
import waiting from "./chapters/waiting.ts";

/** The story, in order. */
export const chapters: readonly Chapter[] = [
  approval,
  initContainer,
  automatic,
  polling,
  movingTag,
  mistake,
  rejection,
  failure,
  goingBack,
  chart,
  waiting,
];
