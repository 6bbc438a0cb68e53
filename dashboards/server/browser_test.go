package server_test

import (
	"context"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"duban/dashboards/sitetest"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// browser is a headless Chromium that remembers every complaint of a page:
// errors on the console, exceptions, refusals by the content security policy.
type browser struct {
	ctx        context.Context
	mu         sync.Mutex
	complaints []string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("accept-lang", "zh-CN"), chromedp.WindowSize(1440, 1800))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 12*time.Minute)
	t.Cleanup(stop)
	b := &browser{ctx: ctx}
	require.NoError(t, chromedp.Do(ctx), "start Chromium")
	require.NoError(t, chromedp.Listen(ctx, func(ev any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch ev := ev.(type) {
		case *log.EventEntryAdded:
			if ev.Entry.Level == log.EntryLevelError || strings.Contains(ev.Entry.Text, "Content Security Policy") {
				b.complaints = append(b.complaints, ev.Entry.Text+" "+ev.Entry.URL)
			}
		case *runtime.EventExceptionThrown:
			b.complaints = append(b.complaints, ev.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			if ev.Type == runtime.ConsoleAPICalledTypeError || ev.Type == runtime.ConsoleAPICalledTypeWarning {
				text, _ := json.Marshal(ev.Args)
				b.complaints = append(b.complaints, string(text))
			}
		}
	}))
	return b
}

// take returns the complaints since it was last asked.
func (b *browser) take() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.complaints
	b.complaints = nil
	return out
}

func (b *browser) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	require.NoError(t, chromedp.Do(b.ctx, steps...))
}

// ask evaluates an expression in the page; a promise is waited for.
func ask[T any](t *testing.T, b *browser, expression string) T {
	t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	return v
}

// prefer sets whether the reader likes light or dark pages.
func prefer(look string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia,
			emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: look}}})
		return err
	})
}

// onPaper shows the page as it is printed.
func onPaper() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	})
}

// printed is on how many sheets of paper the page goes.
func printed(t *testing.T, b *browser) int {
	t.Helper()
	sheets := 0
	b.do(t, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		file, err := cdp.Call(ctx, target, page.PrintToPDF, page.PrintToPDFParams{})
		if err == nil {
			sheets = len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(file.Data, -1))
		}
		return err
	}))
	require.Positive(t, sheets)
	return sheets
}

// slash presses "/" as a keyboard does: one event that the page may cancel
// before its character is typed. KeyEvent sends the character apart.
func slash() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
			p := input.DispatchKeyEventParams{Type: kind, Key: "/", Code: "Slash"}
			if kind == input.DispatchKeyEventTypeKeyDown {
				p.Text = "/"
			}
			if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func script(on bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// finding is one violation that axe reports.
type finding struct {
	ID, Impact, Help string
	Nodes            []struct{ HTML string }
}

func TestPagesInABrowser(t *testing.T) {
	s := sitetest.NewSite(t)
	b := newBrowser(t)
	axe, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	require.NoError(t, err, "axe-core is installed by make deps")

	t.Run("no page complains, every chart is drawn, nothing is out of reach for assistive software", func(t *testing.T) {
		for name, path := range pages(t) {
			for _, look := range []string{"light", "dark"} {
				b.do(t, prefer(look), chromedp.Navigate(s.Base+path), chromedp.WaitReady("main"))
				undrawn := ask[int](t, b, `document.querySelectorAll("[data-chart]:not([data-drawn])").length`)
				ask[bool](t, b, string(axe)+"; true")
				found := ask[[]finding](t, b, `axe.run(document,
				{runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r =>
					r.violations.map(v => ({ID: v.id, Impact: v.impact, Help: v.help, Nodes: v.nodes.map(n => ({HTML: n.html}))})))`)
				require.Zero(t, undrawn, name)
				for _, f := range found {
					if f.Impact == "serious" || f.Impact == "critical" {
						t.Errorf("%s (%s): %s: %s: %v", name, look, f.ID, f.Help, f.Nodes[:min(3, len(f.Nodes))])
					}
				}
				for _, c := range b.take() {
					if name == "not found" && strings.Contains(c, "404") {
						continue
					}
					t.Errorf("%s (%s): %s", name, look, c)
				}
			}
		}
	})

	t.Run("pages fit a telephone without moving sideways", func(t *testing.T) {
		for name, path := range pages(t) {
			b.do(t, chromedp.EmulateViewport(360, 740), chromedp.Navigate(s.Base+path), chromedp.WaitReady("main"))
			over := ask[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
			require.LessOrEqual(t, over, 0, name)
		}
		b.do(t, chromedp.EmulateViewport(1440, 1800))
		b.take()
	})

	t.Run("paper holds what the screen shows: no empty sheet, no pale text", func(t *testing.T) {
		// Browsers leave backgrounds out: what is white on red on the screen has to be dark on paper, or say that its ground is printed.
		const pale = `[...document.querySelectorAll("main *")].filter(e => {
			if (!e.checkVisibility() || ![...e.childNodes].some(n => n.nodeType == 3 && n.data.trim())) return false;
			const s = getComputedStyle(e), rgb = s.color.match(/[\d.]+/g).map(Number);
			if (s.printColorAdjust == "exact" || s.color.startsWith("color") || rgb[3] === 0) return false;
			const [r, g, b] = rgb.map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
			return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) < 4.5;
		}).map(e => e.outerHTML.slice(0, 120))`
		for name, path := range map[string]string{"cases": "/cases", "alerts": "/alerts", "overview": "/"} {
			b.do(t, prefer("light"), chromedp.Navigate(s.Base+path), chromedp.WaitReady("main"), onPaper())
			require.Empty(t, ask[[]string](t, b, pale), name)
			sheets := printed(t, b)
			shown := ask[float64](t, b, `document.querySelector("main").getBoundingClientRect().height`)
			require.LessOrEqual(t, sheets, 2+int(shown/600), "%s: %d sheets for %.0f pixels", name, sheets, shown)
		}
		b.do(t, prefer("light"))
		b.take()
	})

	t.Run("the keyboard reaches the content and the search", func(t *testing.T) {
		b.do(t, chromedp.Navigate(s.Base+"/quality"), chromedp.WaitReady("main"), chromedp.KeyEvent(kb.Tab))
		require.Equal(t, "skip", ask[string](t, b, `document.activeElement.className`))
		b.do(t, slash())
		require.Equal(t, "search", ask[string](t, b, `document.activeElement.id`))
		b.do(t, chromedp.KeyEvent("LATE"), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("form.list-form"))
		require.Equal(t, s.Base+"/cases?q=LATE", ask[string](t, b, `location.href`))
	})

	t.Run("the filter leads to an address with what was chosen only", func(t *testing.T) {
		b.do(t, chromedp.Navigate(s.Base+"/cases"), chromedp.Click("details.scope summary"), chromedp.WaitVisible("select[name=source]"),
			chromedp.SetValue("select[name=source]", "hall"), chromedp.Click("form.scope-form button"),
			chromedp.WaitVisible(`a[href*="source=hall"]`))
		require.Equal(t, s.Base+"/cases?source=hall", ask[string](t, b, `location.href`))
	})

	t.Run("without script the tables stand in place of the charts", func(t *testing.T) {
		b.do(t, script(false), chromedp.Navigate(s.Base+"/?source=hall&from=2026-01-01&to=2026-06-15"), chromedp.WaitVisible("#trend td"),
			chromedp.WaitNotVisible("#trend .chart"))
		b.do(t, chromedp.Click("details.scope summary"), chromedp.WaitVisible("form.scope-form button"), chromedp.Click("form.scope-form button"),
			chromedp.WaitVisible("#trend td"))
		b.do(t, script(true))
	})
}
