import { conformance } from "../../conformance/mod.ts";
import { scraped } from "../../support/scraped.ts";
import { startVictoriaMetrics } from "../../../scripts/testbed/victoriametrics.ts";
import victoriametrics from "../../../plugins/metrics/victoriametrics.ts";

conformance(victoriametrics, { backend: (exposition) => scraped(startVictoriaMetrics, [exposition]) }).run();
