import { reportSlot } from "../core/read_model/slot_report.ts";
import { knownVersions } from "../core/read_model/known_versions.ts";
import { reportVersions } from "../core/read_model/version_report.ts";
import { decide } from "../core/policy/decide.ts";
import { readAs } from "../core/versions/compare.ts";
import { workloadOf } from "../test/support/build/workload.ts";
const versions = Array.from({length:100_000},(_,i)=>({tag:`1.${i%100}.${Math.floor(i/100)}`}));
const junk = Array.from({length:100_000},(_,i)=>({tag:`sha-${i}-abcdef0123456789`}));
for (const v of [versions, junk]) {
  const workload = workloadOf();
  const slot = workload.slots[0]!;
  const input = {workload,slot,requests:[],registry:{warnings:[],versions:v},advise:()=>"",now:new Date()};
  for (let n=0;n<2;n++){
    let t=performance.now(); const k=knownVersions(input); console.log("known",Math.round(performance.now()-t));
    t=performance.now(); decide({policy:workload.settings!.policy,type:"image",current:readAs(slot,slot.current)!,candidates:k,complete:true}); console.log("decide",Math.round(performance.now()-t));
    t=performance.now(); const r=reportVersions(k,input); console.log("report",Math.round(performance.now()-t));
  }
}
