import{p as e}from"./card.js";import{d as t,s as n}from"./format.js";import{i as r}from"./period-card.js";import{n as i,r as a,t as o}from"./colors.js";var s=`energy_export`;function c(e,t,n,r,i){return{scope:e,...t!==void 0&&t.length>0&&e!==`total`?{keys:t}:{},...n!==void 0&&e!==`group`?{group:n}:{},...r,previous:i}}function l(e,t,n,r=!1){return E(e.series.map(i=>{let a=i.quantity===s,o=r&&i.equivalents!==void 0,c=e=>a?e?.map(b):e;return{...S(i,e.scope,t,n),measure:i.commodity,unit:o?`Wh`:i.unit,credit:a,values:c(o?i.equivalents:i.amounts)??[],sum:x(o?i.equivalent_sum:i.sum,a),previous:c(o?i.previous_equivalents:i.previous_amounts),previousSum:x(o?i.previous_equivalent_sum:i.previous_sum,a),estimated:o?null:i.estimated_sum}}),n)}function u(e,t,n){return[...E(e.series.filter(e=>e.currency!==null).map(r=>({...S(r,e.scope,t,n),...w(r,r.currency??``)})),n),...(e.charges??[]).map(T)]}function d(e,t,n){let i=new Map;for(let t of e.series){if(t.tariff===null||t.currency===null)continue;let e=[t.tariff,t.quantity,t.commodity,t.currency].join(`|`);i.set(e,[...i.get(e)??[],t])}return[...E([...i].map(([i,a])=>{let[o]=a,s=o.credit?`export`:o.commodity,c=t?.plans[s].tariffs.find(e=>e.id===o.tariff),l=a.map(e=>w(e,o.currency??``));return{...l[0],id:i,key:o.tariff,name:c?.name??o.tariff_name??n(`word_deleted`),color:c?.color??`#8a8a8a`,counted:!0,values:_(l.map(e=>e.values),e.bars.length),sum:r(l.map(e=>e.sum)),previous:o.previous_costs&&_(l.map(e=>e.previous??[]),e.bars.length),previousSum:r(l.map(e=>e.previousSum))}}),n),...(e.charges??[]).map(T)]}function f(e){let t={Wh:0,L:0};for(let n of e.series)n.credit||(t[n.unit]+=n.unpriced_sum??0);return t}function p(e){return[...new Set(e.map(e=>e.measure))]}function m(e,t,n){let a=e=>Math.abs(e.sum??0);if(e.length<=t)return[...e];let o=new Set([...e].sort((e,t)=>a(t)-a(e)).slice(0,t-1)),s=e.filter(e=>!o.has(e)),[c]=s,l=Math.max(...s.map(e=>e.values.length)),u={...c,id:`rest`,key:null,name:n(`word_more`,{count:s.length}),color:i,credit:!1,values:_(s.map(e=>e.values),l),sum:r(s.map(e=>e.sum)),previous:c.previous&&_(s.map(e=>e.previous??[]),l),previousSum:r(s.map(e=>e.previousSum)),estimated:r(s.map(e=>e.estimated))};return[...e.filter(e=>o.has(e)),u]}function h(e,r,i){return r===`Wh`||r===`L`?t(e,r,i):n(e,r)}function g(e){let t=0;for(let n of[e.map(e=>e.values),e.map(e=>e.previous??[])]){let e=Math.max(0,...n.map(e=>e.length));for(let r=0;r<e;r+=1){let e=n.map(e=>e[r]??0),i=e.reduce((e,t)=>e+Math.max(0,t),0),a=e.reduce((e,t)=>e-Math.min(0,t),0);t=Math.max(t,i,a)}}return t}function _(e,t){return Array.from({length:t},(t,n)=>r(e.map(e=>e[n])))}function v(e,t,n){let i=r(e.map(e=>e.sum)),a=r(e.map(e=>e.previousSum));if(n===null||t.end<=n)return{sum:i,before:a,current:i,former:a,whole:!0};let o=t.bars.map((e,n)=>t.bars.slice(n+1).find(e=>e!==null)??t.end),s=(e=[])=>e.filter((e,r)=>t.bars[r]!=null&&(o[r]??t.end)<=n);return{sum:i,before:a,current:r(e.flatMap(e=>s(e.values))),former:r(e.flatMap(e=>s(e.previous))),whole:!1}}function y(e,t){let n=e=>t===void 0||t.length===0||t.includes(e);return e.devices.some(e=>e.groups.filter(n).length>1)}function b(e){return e===null?null:0-e}function x(e,t){return e==null?null:t?0-e:e}function S(e,t,n,r){let{key:i,quantity:a,commodity:o}=e,c=a===s,l=r(c?`word_export`:`word_${o}`),u=i===null?l:e.name??r(`word_deleted`),d=t===`device`?n.devices.find(e=>e.id===i):void 0;return{id:[i??``,a,o,e.currency??``].join(`|`),key:i,name:c&&i!==null?r(`word_fed_in`,{name:u}):u,color:C(i,t,n,o,c),counted:(d?.counted??!0)&&!(c&&t===`device`)}}function C(e,t,n,r,i){return i?`var(--energy-grid-return-color, #8353d1)`:e===null?o[r]:t===`device`?a(n,e):n.colors[e]??`#8a8a8a`}function w(e,t){let{credit:n}=e;return{measure:t,unit:t,credit:n,values:n?e.costs.map(b):e.costs,sum:x(e.sum,n),previous:n?e.previous_costs?.map(b):e.previous_costs,previousSum:x(e.previous_sum,n),estimated:null}}function T(e){return{id:[`charge`,e.commodity,e.charge,e.name,e.currency].join(`|`),key:e.charge,name:e.name,color:i,measure:e.currency,unit:e.currency,counted:!0,credit:!1,values:e.costs,sum:e.sum,previous:e.previous_costs,previousSum:e.previous_sum,estimated:null}}function E(e,t){let n=new Map,r=e=>`${e.measure}|${e.name}`;for(let t of e)n.set(r(t),(n.get(r(t))??0)+1);let i=e=>t(`word_${e.id.split(`|`)[2]}`);return e.map(e=>(n.get(r(e))??0)>1&&e.key!==null?{...e,name:`${e.name} (${i(e)})`}:e)}var D=e`
  .choices {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .choices select {
    flex: 0 1 auto;
    min-width: 0;
  }
  .summary {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 2px 12px;
    font-variant-numeric: tabular-nums;
  }
  .summary strong {
    font-size: 1.7em;
    font-weight: 400;
    line-height: 1.2;
  }
  .chart {
    display: flex;
    flex: 1 1 280px;
    min-height: 200px;
  }
  /* As high as what is in it. */
  .chart.free {
    flex: 1 0 auto;
    min-height: 0;
  }
  .card:has(.chart.free, .table) {
    overflow-y: auto;
  }
  .large .chart {
    min-height: 45vh;
  }
  .remark {
    margin: 0;
  }
  @container (max-width: 480px) {
    .choices select {
      flex: 1 1 40%;
    }
  }
`;export{m as a,g as c,h as d,f,u as i,c as l,l as n,p as o,v as r,y as s,D as t,d as u};