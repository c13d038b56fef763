import{a as e}from"./texts.js";import{a as t,p as n,s as r}from"./card.js";import{n as i}from"./client.js";async function a(e,t,n,r,i){try{await e.callService(t,n,r,i,!1);return}catch(t){return o(e,t)}}async function o(t,n){let{code:r,message:a}=i(n),{translation_domain:o=e,translation_key:s,translation_placeholders:c}=n??{};return s===void 0?{code:r,message:a}:{code:r,message:(await t.loadBackendTranslation(`exceptions`,o).catch(()=>t.localize))(`component.${o}.exceptions.${s}.message`,c)||a}}var s=n`
  .switch {
    display: flex;
    align-items: center;
    gap: 16px;
    width: 100%;
    min-height: 48px;
    padding: 4px 0;
    border: 0;
    border-radius: 8px;
    background: none;
    text-align: start;
  }
  .switch .words {
    flex: 1;
    min-width: 0;
  }
  .switch .secondary {
    display: block;
  }
  .switch .knob {
    position: relative;
    flex: none;
    width: 36px;
    height: 20px;
    border-radius: 10px;
    background: var(--switch-unchecked-track-color, color-mix(in srgb, currentColor 35%, transparent));
    transition: background 0.2s;
  }
  .switch .knob::after {
    position: absolute;
    inset-block-start: 3px;
    inset-inline-start: 3px;
    width: 14px;
    height: 14px;
    border-radius: 50%;
    background: #fff;
    content: "";
    transition: inset-inline-start 0.2s;
  }
  .switch[aria-checked="true"] .knob {
    background: var(--primary-color);
  }
  .switch[aria-checked="true"] .knob::after {
    inset-inline-start: 19px;
  }
`;function c({label:e,help:n,on:i,disabled:a,press:o}){return r`<button class="switch" role="switch" aria-checked=${String(i)} ?disabled=${a} @click=${o}>
    <span class="words">${e}${n?r`<span class="secondary">${n}</span>`:t}</span>
    <span class="knob"></span>
  </button>`}export{o as i,s as n,a as r,c as t};