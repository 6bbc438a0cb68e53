// Draws the charts whose options the server wrote into the page. Options are
// data: colours name variables of the style sheet, texts are written already.
(function () {
  "use strict";
  var charts = [];

  function resolve(node, style) {
    if (typeof node === "string") {
      var m = /^var\((--[\w-]+)\)$/.exec(node);
      return m ? style.getPropertyValue(m[1]).trim() : node;
    }
    if (Array.isArray(node)) return node.map(function (x) { return resolve(x, style); });
    if (node && typeof node === "object") {
      var out = {};
      Object.keys(node).forEach(function (k) { out[k] = resolve(node[k], style); });
      return out;
    }
    return node;
  }

  function lineOf(p) {
    var d = p.data || {};
    var text = d.text === undefined ? p.value : d.text;
    return (p.seriesName ? p.seriesName + "  " : "") + text + (d.detail ? "  (" + d.detail + ")" : "");
  }

  function tooltip(params) {
    if (!Array.isArray(params)) {
      var d = params.data || {};
      return (d.text || params.name) + (d.detail ? "\n" + d.detail : "");
    }
    return [params[0].axisValueLabel || params[0].name].concat(params.map(lineOf)).join("\n");
  }

  function prepare(options) {
    var style = getComputedStyle(document.documentElement);
    var size = parseFloat(style.fontSize) / 15;
    var o = resolve(options, style);
    o.textStyle = { fontFamily: getComputedStyle(document.body).fontFamily };
    if (o.tooltip) o.tooltip.formatter = tooltip;
    (o.series || []).forEach(function (s) {
      if (o.dubanLabels) s.label = { show: true, position: "right", fontSize: 12, color: style.getPropertyValue("--ink").trim(), formatter: function (p) { return p.data.text; } };
    });
    delete o.dubanLabels;
    if (size > 1.15) scale(o, size);
    return o;
  }

  // On a wall the letters of a chart grow with those of the page.
  function scale(node, factor) {
    if (Array.isArray(node)) { node.forEach(function (x) { scale(x, factor); }); return; }
    if (!node || typeof node !== "object") return;
    Object.keys(node).forEach(function (k) {
      if (k === "fontSize" || k === "symbolSize" && typeof node[k] === "number" || k === "width" && node.overflow || k === "itemWidth" || k === "itemHeight") node[k] *= factor;
      else if (k === "grid") [].concat(node[k]).forEach(function (g) { ["left", "top", "bottom"].forEach(function (s) { if (/^\d+$/.test(g[s])) g[s] = g[s] * factor; }); });
      else scale(node[k], factor);
    });
  }

  function draw() {
    charts.forEach(function (c) { c.chart.dispose(); });
    charts = [];
    document.querySelectorAll("[data-chart]").forEach(function (box) {
      var source = document.getElementById(box.dataset.chart);
      if (!source) return;
      var chart = echarts.init(box, null, { renderer: "canvas" });
      chart.setOption(prepare(JSON.parse(source.textContent)));
      chart.on("click", function (p) { if (p.data && p.data.href) location.href = p.data.href; });
      charts.push({ box: box, chart: chart });
      watch.observe(box);
      box.dataset.drawn = "yes";
    });
  }

  var watch = new ResizeObserver(function () { charts.forEach(function (c) { c.chart.resize(); }); });
  draw();
  document.addEventListener("duban:replaced", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  addEventListener("beforeprint", function () { charts.forEach(function (c) { c.chart.resize(); }); });
})();
