// timeout: 480
import { runCrashSuite } from "./crash_suite.ts";
import { verifiedScenarios } from "./scenarios_verified.ts";

runCrashSuite("killed before and after each write that verifies, takes back, holds or notifies", verifiedScenarios);
