// The alert wall: fetches itself again when something happened, and takes keys:
// j and k move, x picks, Enter opens. Everything works without this file.
(function () {
  "use strict";
  var head = document.querySelector("[data-stream]");
  if (!head) return;
  var parts = ["#alert-live", "#alert-total", ".alert-tiles"];
  function picked() { return document.querySelector("#alert-list input:checked"); }
  function refresh() {
    // Nothing is pulled away under somebody who is choosing or typing.
    if (picked() || /^(INPUT|SELECT|TEXTAREA)$/.test((document.activeElement || {}).tagName || "")) { stale = true; return; }
    stale = false;
    fetch(location.href, { headers: { "X-Requested-With": "alerts" } }).then(function (r) { return r.ok ? r.text() : Promise.reject(); }).then(function (text) {
      var fresh = new DOMParser().parseFromString(text, "text/html");
      parts.forEach(function (p) {
        var old = document.querySelector(p), now = fresh.querySelector(p);
        if (old && now) old.replaceWith(document.importNode(now, true));
        else if (old || now) location.reload();
      });
    }).catch(function () {});
  }
  var stale = false;
  document.addEventListener("change", function (e) {
    if (e.target.matches("[data-pick-all]")) document.querySelectorAll("#alert-list input[type=checkbox]").forEach(function (b) { b.checked = e.target.checked; });
    if (stale && !picked()) refresh();
  });
  if (window.EventSource) {
    var mark = document.querySelector(".live-mark");
    var source = new EventSource(head.dataset.stream);
    source.onopen = function () { if (mark) mark.hidden = false; };
    source.onerror = function () { if (mark) mark.hidden = true; };
    source.addEventListener("alerts", refresh);
  }
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
