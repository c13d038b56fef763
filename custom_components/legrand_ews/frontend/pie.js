import{a as e,d as t,f as n,i as r,l as i,m as a,n as o,p as s,s as c}from"./card.js";import{o as l}from"./texts.js";import{r as u}from"./paint.js";import{i as d}from"./period-card.js";var f=50,p=32,m=class extends r{constructor(...e){super(...e),this.slices=[],this.label=``,this.drawn=[],this.sum=null}static{this.styles=s`
    :host {
      display: block;
      flex: 1;
      min-width: 0;
      container-type: inline-size;
      font-size: max(12px, 1em);
    }
    .pie {
      display: flex;
      flex-direction: column;
      align-items: center;
      gap: 16px;
      height: 100%;
    }
    .ring {
      position: relative;
      flex: none;
      width: min(100%, 16em);
      aspect-ratio: 1;
    }
    svg {
      display: block;
      width: 100%;
      height: 100%;
      overflow: visible;
    }
    path {
      stroke: var(--ha-card-background, var(--card-background-color, #fff));
      stroke-width: 0.6;
      cursor: pointer;
      transition:
        opacity 0.15s,
        transform 0.15s;
    }
    path.whole {
      stroke: none;
    }
    .dim {
      opacity: 0.35;
    }
    path.here {
      transform: scale(1.03);
    }
    .empty {
      fill: none;
      stroke: var(--divider-color, #e0e0e0);
      stroke-width: ${18};
    }
    .center {
      position: absolute;
      inset: 20%;
      display: flex;
      flex-direction: column;
      align-items: center;
      justify-content: center;
      overflow: hidden;
      text-align: center;
      pointer-events: none;
    }
    .center b {
      font-size: 1.25em;
      font-weight: 500;
    }
    .center span {
      display: -webkit-box;
      overflow: hidden;
      color: var(--secondary-text-color);
      font-size: 0.86em;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
    }
    ul {
      box-sizing: border-box;
      width: 100%;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    button {
      display: grid;
      grid-template-columns: 12px minmax(0, 1fr) auto 3.6em;
      align-items: center;
      gap: 0 10px;
      width: 100%;
      min-height: 36px;
      padding: 4px 8px;
      border: 0;
      border-radius: 8px;
      background: none;
      color: inherit;
      font: inherit;
      text-align: start;
      cursor: pointer;
    }
    button.here {
      background: color-mix(in srgb, currentColor 8%, transparent);
    }
    :focus-visible {
      outline: 2px solid var(--primary-color);
      outline-offset: -2px;
    }
    i {
      width: 12px;
      height: 12px;
      border-radius: 3px;
    }
    .name {
      min-width: 0;
      overflow-wrap: anywhere;
    }
    small {
      display: block;
      color: var(--secondary-text-color);
      font-size: 0.86em;
    }
    .figure {
      text-align: end;
      white-space: nowrap;
      font-variant-numeric: tabular-nums;
    }
    .share {
      color: var(--secondary-text-color);
    }
    @container (min-width: 480px) {
      .pie {
        flex-direction: row;
        justify-content: center;
        gap: 32px;
      }
      .ring {
        width: clamp(180px, 36cqi, 24em);
      }
      ul {
        flex: 0 1 32em;
        max-height: 100%;
        overflow: auto;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      path {
        transition: none;
      }
    }
  `}willUpdate(e){e.has(`slices`)&&this.arrange()}arrange(){this.sum=d(this.slices.map(e=>e.value));let e=d(this.slices.map(e=>Math.max(e.value??0,0)))??0,t=0;this.drawn=this.slices.map(n=>{let r=n.value===null||e===0?null:n.value/e;if(r===null||r<=0)return{...n,share:r,path:``};let i=u(t,t+r,f,p);return t+=r,{...n,share:r,path:i}})}render(){return this.unit===void 0?e:c`<div class="pie" role="group" aria-label=${this.label}>
      <div class="ring" aria-hidden="true">
        <svg viewBox="-52 -52 104 104">
          ${this.drawn.some(e=>e.path)?e:i`<circle class="empty" r=${41}></circle>`}
          ${this.drawn.map(t=>t.path===``?e:this.slice(t))}
        </svg>
        <div class="center">${this.middle()}</div>
      </div>
      <ul>
        ${this.drawn.map(e=>c`<li>${this.row(e)}</li>`)}
      </ul>
    </div>`}look(e){return this.active===void 0?``:this.active===e?`here`:`dim`}slice({key:e,color:t,path:n}){let r=this.drawn.filter(e=>e.path!==``).length===1?`whole`:``;return i`<path class="${this.look(e)} ${r}" fill=${t} d=${n} @pointerenter=${()=>this.mark(e)}
      @pointerleave=${()=>this.mark(void 0)} @click=${()=>l(this,`slice`,{key:e})}></path>`}row({key:t,name:n,color:r,value:i,note:a,share:o}){return c`<button
      class=${this.active===t?`here`:``}
      @pointerenter=${()=>this.mark(t)}
      @pointerleave=${()=>this.mark(void 0)}
      @focus=${()=>this.mark(t)}
      @blur=${()=>this.mark(void 0)}
      @click=${()=>l(this,`slice`,{key:t})}
    >
      <i style="background: ${r}"></i>
      <span class="name">${n}${a===void 0?e:c`<small>${a}</small>`}</span>
      <span class="figure">${this.unit.write(i)}</span>
      <span class="figure share">${this.unit.percent(o)}</span>
    </button>`}middle(){let e=this.drawn.find(({key:e})=>e===this.active);return e===void 0?c`<b>${this.center??this.unit.write(this.sum)}</b>`:c`<b>${this.unit.percent(e.share)}</b><span>${e.name}</span>`}mark(e){this.active=e}};o([n({attribute:!1})],m.prototype,`slices`,void 0),o([n({attribute:!1})],m.prototype,`unit`,void 0),o([n()],m.prototype,`label`,void 0),o([n()],m.prototype,`center`,void 0),o([t()],m.prototype,`active`,void 0),m=o([a(`ews-pie`)],m);