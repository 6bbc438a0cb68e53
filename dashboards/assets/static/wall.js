// A wall brings itself up to date without a flash: it fetches itself each minute and
// puts the new content in place of the old. Escape leaves it. Without this file the
// page reloads instead.
(function () {
  "use strict";
  var again = document.body.dataset.again, out = document.querySelector("a.to-wall");
  if (!again) return;
  function put(fresh) {
    ["main", ".stamp"].forEach(function (part) {
      var old = document.querySelector(part), now = fresh.querySelector(part);
      if (old && now) old.replaceWith(document.importNode(now, true));
    });
    document.dispatchEvent(new Event("duban:replaced"));
  }
  setInterval(function () {
    fetch(again, { headers: { "X-Requested-With": "live" } }).then(function (r) {
      if (r.redirected) { location.reload(); return null; }
      return r.ok ? r.text() : null; // what stands keeps its instant in the stamp
    }).then(function (text) { if (text) put(new DOMParser().parseFromString(text, "text/html")); }).catch(function () {});
  }, 60000);
  document.addEventListener("keydown", function (e) { if (e.key === "Escape" && out) location.href = out.href; });
})();
