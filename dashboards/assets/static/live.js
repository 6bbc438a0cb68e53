// Lists that several people work on: a page hears that something happened and fetches
// itself again. Everything works without this file.
(function () {
  "use strict";
  var where = document.body.dataset.stream, stale = false, fetching = false;
  if (!where || !window.EventSource) return;
  function parts(within) { return Array.from(within.querySelectorAll("[data-live]")); }
  // Nothing is pulled away under somebody who is choosing, writing, or has a form open.
  function busy() {
    var at = document.activeElement || {};
    return document.hidden || /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName || "") && at.type !== "checkbox" ||
      !!document.querySelector("main input[type=checkbox]:checked, [data-live] details[open]");
  }
  // The line that has the focus, by where it leads.
  function line() { return document.activeElement && document.activeElement.closest && document.activeElement.closest(".work-line, .alert-line"); }
  function leads(l) { var a = l && l.querySelector("a.open"); return a ? a.pathname : ""; }
  function put(fresh) {
    var now = {}, here = leads(line());
    parts(fresh).forEach(function (p) { now[p.dataset.live] = p; });
    parts(document).forEach(function (old) {
      if (now[old.dataset.live]) old.replaceWith(document.importNode(now[old.dataset.live], true));
    });
    if (here && document.activeElement === document.body) Array.from(document.querySelectorAll(".work-line, .alert-line")).some(function (l) {
      if (leads(l) !== here) return false;
      l.focus({ preventScroll: true });
      return true;
    });
  }
  function refresh() {
    if (busy() || fetching) { stale = true; return; }
    stale = false;
    fetching = true;
    fetch(location.href, { headers: { "X-Requested-With": "live" } }).then(function (r) {
      if (r.redirected) { location.reload(); throw new Error("signed out"); }
      return r.ok ? r.text() : Promise.reject(new Error(r.status));
    }).then(function (text) {
      fetching = false;
      if (busy()) stale = true; else put(new DOMParser().parseFromString(text, "text/html"));
      again();
      ask();
    }).catch(function () { fetching = false; stale = true; setTimeout(again, 5000); });
  }
  // What somebody did and the engine has not judged yet is asked for again soon: a
  // refusal is no event that the stream would tell.
  function ask() { if (document.querySelector("[data-waits]")) setTimeout(refresh, 2000); }
  function again() { if (stale && !busy() && !fetching) refresh(); }
  ["change", "focusout", "toggle"].forEach(function (e) { document.addEventListener(e, function () { setTimeout(again, 200); }, true); });
  document.addEventListener("visibilitychange", again);
  var marks = document.querySelectorAll(".live-mark"), source = new EventSource(where);
  function mark(on) { marks.forEach(function (m) { m.hidden = !on; }); }
  source.onopen = function () { mark(true); };
  source.onerror = function () { mark(false); };
  source.addEventListener("changed", refresh);
  ask();
})();
