// The look of the bar: constructed with it, since pages without a tap on play never need it.

export const look = `
.player .past { position: relative; flex: 1; min-inline-size: 6rem; display: grid; align-items: center; }
.player .past input { inline-size: 100%; block-size: 2.75rem; margin: 0; background: none; accent-color: var(--accent); cursor: pointer; }
.player .past input:focus-visible { outline: 3px solid var(--accent); outline-offset: -3px; border-radius: var(--r1); }
.player .past .marks { position: absolute; inset: 0 .5rem; pointer-events: none; overflow: hidden; }
.player .past i { position: absolute; inset-block: calc(50% + .4rem) calc(50% - .8rem); inline-size: 2px; background: #fff; }
.player .past .at { position: absolute; inset-block-end: 100%; max-inline-size: 100%; padding: .2em .5em; border-radius: var(--r1); background: rgb(20 10 16 / .88); font-size: var(--xs); line-height: 1.5; font-weight: 700; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; pointer-events: none; }
@container player (max-width: 30rem) { .player .past.past { grid-area: 1/1/2/-1; margin-inline: var(--s2); } }
`;
