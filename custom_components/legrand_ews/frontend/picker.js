import{s as e}from"./card.js";import{n as t,r as n}from"./colors.js";function r(e,t,n,r){if(t===`device`)return i(e,n,r);let a=t===`load`?e.loads:t===`group`?e.groups:{},o=Object.entries(a).map(([e,n])=>({id:e,scope:t,name:n}));return o.length===0?[]:[{label:n,choices:o}]}function i(e,t,n){let r=e.devices.filter(e=>e.commodity!==null&&(n??e.commodity)===e.commodity),i=new Map;for(let e of r)i.set(e.gateway,[...i.get(e.gateway)??[],e]);return[...i].map(([e,n])=>({label:i.size>1?e:t,choices:n.map(({id:e,name:t})=>({id:e,scope:`device`,name:t}))}))}function a(e,t){return e.devices.some(e=>e.id===t)?`device`:t in e.loads?`load`:t in e.groups?`group`:void 0}function o(e,t){return e.loads[t]??e.groups[t]??e.devices.find(e=>e.id===t)?.name}function s(e,r){let i=e.colors?.[r];return i===void 0?a(e,r)===`device`?n(e,r):t:i}function c(t,n,r,i){let a=({id:t,name:n})=>e`<option value=${t} .selected=${t===r}>${n}</option>`;return e`<select
    aria-label=${t}
    @change=${e=>i(e.target.value)}
  >
    ${n.map(t=>e`<optgroup label=${t.label}>${t.choices.map(a)}</optgroup>`)}
  </select>`}function l(t,n,r,i){return e`<div class="chips" role="group" aria-label=${t}>
    ${n.map(({key:t,name:n,disabled:a})=>e`<button
        class="chip"
        aria-pressed=${String(t===r)}
        ?disabled=${a??!1}
        @click=${()=>i(t)}
      >
        ${n}
      </button>`)}
  </div>`}export{c as a,o as i,r as n,a as o,s as r,l as t};