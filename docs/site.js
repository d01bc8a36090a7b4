// The theme lets wide tables scroll in a wrapper. One that scrolls gets a name, and the keyboard reaches it.
// Each bar of buttons on a block of code gets a name, too.
(() => {
  const heading = (wrapper) => {
    const before = [...document.querySelectorAll("article :is(h1, h2, h3, h4, h5, h6)")].filter(
      (each) => each.compareDocumentPosition(wrapper) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    return before.length ? before.at(-1).firstChild.textContent : document.title;
  };
  const fitted = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) {
        target.tabIndex = 0;
        target.setAttribute("role", "group");
        target.setAttribute("aria-label", `Table: ${heading(target)}`);
      } else {
        for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
      }
    }
  });
  const watch = () => {
    for (const wrapper of document.querySelectorAll(".md-typeset__scrollwrap")) fitted.observe(wrapper);
    document.querySelectorAll(".md-code__nav").forEach((bar, place) => {
      bar.setAttribute("aria-label", `Code block ${place + 1}`);
    });
  };
  new MutationObserver(watch).observe(document.body, { childList: true, subtree: true });
  watch();
})();
