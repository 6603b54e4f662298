// Shadow roots without inline styles; see ../../constructed-styles.mjs.

/** Where a `<style>` stood. media-chrome finds it as it would find the element, by `.sheet`. */
interface Stand extends HTMLElement {
  sheet: CSSStyleSheet;
}

/** Shadow roots of elements inside, for servers that send HTML. Here each element fills its own. */
const declared = /<template shadowrootmode[\s\S]*?<\/template>/g;
const styles = /<style([^>]*)>([\s\S]*?)<\/style>/g;

function standFor(attributes: string): string {
  return `<template data-sheet${attributes}></template>`;
}

/** One menu of media-chrome switches a sheet on and off by its `media` attribute. */
function followMedia(stand: Stand): void {
  const follow = () => {
    stand.sheet.media.mediaText = stand.getAttribute("media") ?? "";
  };
  follow();
  new MutationObserver(follow).observe(stand, { attributeFilter: ["media"] });
}

/** Fills a shadow root from HTML; its `<style>` elements become constructed style sheets. */
export function fillShadow(root: ShadowRoot, html: string): void {
  const sheets: CSSStyleSheet[] = [];
  root.innerHTML = html
    .replace(declared, "")
    .replace(styles, (_, attributes: string, css: string) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      sheets.push(sheet);
      return standFor(attributes);
    });
  root.querySelectorAll<Stand>("[data-sheet]").forEach((stand, index) => {
    const sheet = sheets[index];
    if (!sheet) return;
    stand.sheet = sheet;
    if (stand.hasAttribute("media")) followMedia(stand);
  });
  root.adoptedStyleSheets = sheets;
}
