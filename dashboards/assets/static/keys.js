// Keyboard and waiting: "/" goes to the search field; a page that is being
// fetched dims the old one. Everything works without this file.
(function () {
  "use strict";
  var root = document.documentElement;
  document.addEventListener("keydown", function (e) {
    if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName) || e.target.isContentEditable) return;
    var field = document.getElementById("search");
    if (!field) return;
    e.preventDefault();
    field.focus();
    field.select();
  });
  document.addEventListener("submit", function () { root.classList.add("busy"); root.setAttribute("aria-busy", "true"); });
  addEventListener("pageshow", function () { root.classList.remove("busy"); root.removeAttribute("aria-busy"); });
  // Empty fields would only make the address longer.
  document.querySelectorAll("form[method=get]").forEach(function (form) {
    form.addEventListener("formdata", function (e) {
      Array.from(e.formData.entries()).forEach(function (x) { if (x[1] === "") e.formData.delete(x[0]); });
    });
  });
  // A link to a raw fact opens it.
  function open() {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") target.open = true;
  }
  addEventListener("hashchange", open);
  open();
})();
