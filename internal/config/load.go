package config

import (
	"fmt"
	"path/filepath"
	"sort"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/structs"
	"github.com/knadh/koanf/v2"
)

// EnvPrefix begins every environment variable of the configuration; the key
// ingest.batch_rows is DUBAN_INGEST_BATCH_ROWS.
const EnvPrefix = "DUBAN_"

// lists are the keys whose variable holds several values, separated by commas.
var lists = map[string]bool{"kafka.brokers": true, "server.hosts": true, "server.proxies": true, "supervise.own_limits": true,
	"notify.webhook.hosts": true, "notify.webhook.private_hosts": true}

// Load reads the file at path (none when empty), the environment (as
// os.Environ gives it) and overrides (flags, by key), and validates.
func Load(path string, environ []string, overrides map[string]any) (Config, error) {
	k := koanf.New(".")
	if err := k.Load(structs.Provider(Default(), "koanf"), nil); err != nil {
		return Config{}, fmt.Errorf("load configuration defaults: %w", err)
	}
	known := map[string]bool{}
	byEnv := map[string]string{}
	for _, key := range k.Keys() {
		known[key] = true
		byEnv[EnvPrefix+strings.ToUpper(strings.ReplaceAll(key, ".", "_"))] = key
	}
	if path != "" {
		if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
			return Config{}, fmt.Errorf("read configuration %s: %w", path, err)
		}
		if unknown := unknownKeys(k, known); len(unknown) > 0 {
			return Config{}, fmt.Errorf("configuration %s: unknown keys %s; known are: %s",
				path, strings.Join(unknown, ", "), strings.Join(sorted(known), ", "))
		}
	}
	fromEnv := env.Provider(".", env.Opt{
		Prefix: EnvPrefix,
		TransformFunc: func(name, value string) (string, any) {
			key := byEnv[name]
			if lists[key] {
				return key, strings.Split(value, ",")
			}
			return key, value // variables that name no key are skipped
		},
		EnvironFunc: func() []string { return environ },
	})
	if err := k.Load(fromEnv, nil); err != nil {
		return Config{}, fmt.Errorf("read environment: %w", err)
	}
	if err := k.Load(confmap.Provider(overrides, "."), nil); err != nil {
		return Config{}, fmt.Errorf("read flags: %w", err)
	}
	var c Config
	err := k.Unmarshal("", &c)
	if err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	if c.Data != "" {
		// The engine's own configuration file names paths below this folder and
		// reads relative ones from elsewhere.
		if c.Data, err = filepath.Abs(c.Data); err != nil {
			return Config{}, fmt.Errorf("data: %w", err)
		}
	}
	return c, c.Validate()
}

func unknownKeys(k *koanf.Koanf, known map[string]bool) []string {
	var unknown []string
	for _, key := range k.Keys() {
		if !known[key] {
			unknown = append(unknown, key)
		}
	}
	sort.Strings(unknown)
	return unknown
}

func sorted(set map[string]bool) []string {
	keys := make([]string, 0, len(set))
	for k := range set {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
