import { conformance } from "../../conformance/mod.ts";
import prometheus from "../../../plugins/metrics/prometheus.ts";
import { scraped } from "../../support/scraped.ts";
import { startPrometheus } from "../../../scripts/testbed/prometheus.ts";

conformance(prometheus, { backend: (exposition) => scraped(startPrometheus, [exposition]) }).run();
