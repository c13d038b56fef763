import{a as e,p as t,s as n}from"./card.js";var r=t`
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
`;function i({label:t,help:r,on:i,disabled:a,press:o}){return n`<button class="switch" role="switch" aria-checked=${String(i)} ?disabled=${a} @click=${o}>
    <span class="words">${t}${r?n`<span class="secondary">${r}</span>`:e}</span>
    <span class="knob"></span>
  </button>`}export{r as n,i as t};