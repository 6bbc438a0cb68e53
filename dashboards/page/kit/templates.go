package kit

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"

	"duban/dashboards/locale"
)

//go:embed templates/*.html
var templateFiles embed.FS

// parse reads the templates of pages, those of the kit and of its rooms, once in each
// language.
func (s *Site) parse(rooms []Room) error {
	s.templates = map[string]map[string]*template.Template{}
	for _, lang := range locale.Languages() {
		s.templates[lang[0]] = map[string]*template.Template{}
	}
	problems := []error{s.parseFrom(templateFiles)}
	for _, r := range rooms {
		problems = append(problems, s.parseFrom(r.Templates))
	}
	return errors.Join(problems...)
}

func (s *Site) parseFrom(files fs.FS) error {
	pages, err := fs.Glob(files, "templates/page_*.html")
	if err != nil {
		return fmt.Errorf("list templates: %w", err)
	}
	for lang, known := range s.templates {
		for _, file := range pages {
			name := strings.TrimSuffix(strings.TrimPrefix(path.Base(file), "page_"), ".html")
			if known[name] != nil {
				return fmt.Errorf("template %s is there twice", name)
			}
			t, err := template.New("base.html").Funcs(s.funcs(lang)).ParseFS(templateFiles, "templates/base.html", "templates/part_*.html")
			if err == nil {
				t, err = t.ParseFS(files, file)
			}
			if err != nil {
				return fmt.Errorf("parse template %s: %w", file, err)
			}
			known[name] = t
		}
	}
	return nil
}

func (s *Site) funcs(lang string) template.FuncMap {
	p := s.Locale.Printer(lang)
	return template.FuncMap{
		"t":     p.T,
		"asset": s.Assets.URL,
		"enum":  p.Enum,
		"width": func(v *float64) string { return fmt.Sprintf("%.1f", min(100, max(0, *v))) },
		"lines": func(v string) []string { return strings.Split(v, "\n") },
	}
}
