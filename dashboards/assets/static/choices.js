// The list of organisations to choose from comes when somebody goes to the field, not with
// every page. Without this file a name or a code can be typed.
(function () {
  "use strict";
  document.addEventListener("focusin", function (e) {
    var field = e.target, from = field.dataset && field.dataset.choices;
    if (!from) return;
    delete field.dataset.choices; // once a page
    fetch(from, { credentials: "same-origin", headers: { Accept: "application/json" } }).then(function (r) {
      if (!r.ok) throw new Error(String(r.status));
      return r.json();
    }).then(function (choices) {
      var list = document.getElementById(field.getAttribute("list"));
      choices.forEach(function (text) {
        var o = document.createElement("option");
        o.value = text;
        list.appendChild(o);
      });
    }).catch(function () { field.dataset.choices = from; });
  });
})();
