import{f as e,i as t,m as n,n as r,p as i,s as a}from"./card.js";import{o}from"./texts.js";var s=class extends t{constructor(...e){super(...e),this.items=[],this.hidden=new Set}static{this.styles=i`
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 0 4px;
      margin-inline: -8px;
      font-size: max(12px, 0.86em);
    }
    button {
      display: inline-flex;
      align-items: center;
      gap: 8px;
      max-width: 100%;
      min-height: 32px;
      padding: 0 8px;
      border: 0;
      border-radius: 8px;
      background: none;
      color: var(--primary-text-color);
      font: inherit;
      cursor: pointer;
    }
    button:hover {
      background: color-mix(in srgb, currentColor 8%, transparent);
    }
    :focus-visible {
      outline: 2px solid var(--primary-color);
      outline-offset: -2px;
    }
    .dot {
      flex: none;
      box-sizing: border-box;
      width: 12px;
      height: 12px;
      border: 2px solid var(--color);
      border-radius: 3px;
      background: var(--color);
    }
    .name {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .value {
      color: var(--secondary-text-color);
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
    }
    [aria-pressed="false"] {
      color: var(--secondary-text-color);
    }
    [aria-pressed="false"] .dot {
      background: none;
    }
    [aria-pressed="false"] .name {
      text-decoration: line-through;
    }
  `}render(){return this.items.map(e=>this.button(e))}button({key:e,name:t,color:n,value:r}){let i=!this.hidden.has(e);return a`<button
      aria-pressed=${String(i)}
      title=${t}
      @click=${()=>o(this,`toggle`,{key:e})}
    >
      <span class="dot" style="--color: ${n}"></span>
      <span class="name">${t}</span>
      ${r===void 0?``:a`<span class="value">${r}</span>`}
    </button>`}};r([e({attribute:!1})],s.prototype,`items`,void 0),r([e({attribute:!1})],s.prototype,`hidden`,void 0),s=r([n(`ews-legend`)],s);