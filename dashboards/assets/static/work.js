// Lists and the board of people's work take keys: j and k move, h and l change the
// column, x picks, Enter opens. Everything works without this file.
(function () {
  "use strict";
  function root() { return document.querySelector("[data-lines]") || document.body; } // a live page replaces it
  function lines(within) { return Array.from(within.querySelectorAll(".work-line")); }
  function current() { return document.activeElement.closest ? document.activeElement.closest(".work-line") : null; }
  function go(line) { if (line) line.focus(); return !!line; }
  // Along the board, the next column that is not empty.
  function aside(line, step) {
    var columns = Array.from(root().querySelectorAll(".board-column")).filter(function (c) { return lines(c).length > 0; });
    var at = columns.indexOf(line ? line.closest(".board-column") : null);
    var column = columns[Math.max(0, Math.min(columns.length - 1, at + step))];
    if (!column) return false;
    var row = line ? lines(line.closest(".board-column")).indexOf(line) : 0;
    var there = lines(column);
    return go(there[Math.min(row, there.length - 1)]);
  }
  document.addEventListener("change", function (e) {
    if (!e.target.matches("[data-pick-column]")) return;
    e.target.closest("form").querySelectorAll("input[name=matter]").forEach(function (b) { b.checked = e.target.checked; });
  });
  document.addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey || /^(SELECT|TEXTAREA)$/.test(e.target.tagName)) return;
    if (e.target.tagName === "INPUT" && e.target.type !== "checkbox") return;
    var line = current(), within = line && line.closest(".board-column") || root(), all = lines(within), at = all.indexOf(line), done = false;
    if (e.key === "j" || e.key === "k") done = go(all[Math.max(0, Math.min(all.length - 1, at + (e.key === "j" ? 1 : -1)))]);
    else if (e.key === "h" || e.key === "l") done = aside(line, e.key === "l" ? 1 : -1);
    else if (e.key === "x" && line) {
      var box = line.querySelector("input[type=checkbox][name=matter]");
      if (box) { box.checked = !box.checked; done = true; }
    } else if (e.key === "Enter" && line && document.activeElement === line) {
      line.querySelector("a.open").click();
      done = true;
    }
    if (done) e.preventDefault();
  });
})();
