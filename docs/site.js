// The theme lets wide tables scroll in a wrapper. One that scrolls gets a name, and the keyboard reaches it.
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
  };
  new MutationObserver(watch).observe(document.body, { childList: true, subtree: true });
  watch();
})();
