// Package assets embeds the style sheets, scripts and the chart library, and
// serves them under names that carry the hash of their content, so that a
// browser may keep them for ever and still sees every change at once.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed static vendor/*.js
var files embed.FS

// Prefix is the path below which the assets are served.
const Prefix = "/assets/"

// Set is every asset, hashed and compressed once.
type Set struct {
	byURL map[string]*asset
	// urls maps the plain name of a file to the address that carries its hash.
	urls map[string]string
}

type asset struct {
	contentType string
	plain       []byte
	packed      []byte
	etag        string
}

// Load reads, hashes and compresses the embedded files.
func Load() (*Set, error) { return load(files) }

func load(fsys fs.FS) (*Set, error) {
	s := &Set{byURL: map[string]*asset{}, urls: map[string]string{}}
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		return s.add(path.Base(p), body)
	})
	if err != nil {
		return nil, fmt.Errorf("load embedded assets: %w", err)
	}
	return s, nil
}

func (s *Set) add(name string, body []byte) error {
	if _, ok := s.urls[name]; ok {
		return fmt.Errorf("two assets are named %s", name)
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:8])
	ext := path.Ext(name)
	a := &asset{contentType: contentType(ext), plain: body, etag: `"` + hash + `"`}
	var buf bytes.Buffer
	zw, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := zw.Write(body); err != nil {
		return err
	}
	if err := zw.Close(); err != nil {
		return err
	}
	if buf.Len() < len(body) {
		a.packed = buf.Bytes()
	}
	url := Prefix + strings.TrimSuffix(name, ext) + "." + hash + ext
	s.urls[name], s.byURL[url] = url, a
	return nil
}

func contentType(ext string) string {
	if t := mime.TypeByExtension(ext); t != "" {
		return t
	}
	return "application/octet-stream"
}

// URL is the address of the named file. A name that is not embedded is a
// fault of a template and gives an error when the template runs.
func (s *Set) URL(name string) (string, error) {
	url, ok := s.urls[name]
	if !ok {
		return "", fmt.Errorf("there is no asset %q", name)
	}
	return url, nil
}

// ServeHTTP answers with an asset that may be kept for a year, or 404.
func (s *Set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, ok := s.byURL[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", a.etag)
	h.Add("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == a.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	if a.packed != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		body = a.packed
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == "gzip" {
			return strings.ReplaceAll(params, " ", "") != "q=0"
		}
	}
	return false
}
