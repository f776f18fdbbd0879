// timeout: 480
import { runCrashSuite } from "./crash_suite.ts";
import { scenarios } from "./scenarios.ts";

runCrashSuite("killed before and after each write", scenarios);
