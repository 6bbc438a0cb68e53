// The alert wall takes keys: j and k move, x picks, Enter opens. Everything works
// without this file.
(function () {
  "use strict";
  document.addEventListener("change", function (e) {
    if (e.target.matches("[data-pick-all]")) document.querySelectorAll("#alert-list input[type=checkbox]").forEach(function (b) { b.checked = e.target.checked; });
  });
  document.addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey || /^(SELECT|TEXTAREA)$/.test(e.target.tagName) || e.target.type === "search") return;
    var lines = Array.from(document.querySelectorAll(".alert-line"));
    var at = lines.indexOf(document.activeElement.closest ? document.activeElement.closest(".alert-line") : null);
    if (e.key === "j" || e.key === "k") {
      var next = lines[Math.max(0, Math.min(lines.length - 1, at + (e.key === "j" ? 1 : -1)))];
      if (next) { e.preventDefault(); next.focus(); }
    } else if (e.key === "x" && at >= 0) {
      var box = lines[at].querySelector("input[type=checkbox]");
      if (box) { e.preventDefault(); box.checked = !box.checked; }
    } else if (e.key === "Enter" && at >= 0 && document.activeElement === lines[at]) {
      lines[at].querySelector("a.open").click();
    }
  });
})();
