package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
)

// ServerConfig is what the embedded server is started with.
type ServerConfig struct {
	// MaxMemoryBytes bounds the whole server.
	MaxMemoryBytes int64
	// MaxThreads bounds one query; 0 leaves the engine's default.
	MaxThreads int
}

// DefaultServerConfig suits a small machine.
func DefaultServerConfig() ServerConfig {
	return ServerConfig{MaxMemoryBytes: 6 << 30}
}

// Column statistics are switched off: our queries find their rows by primary
// key, and counting the distinct values of every column takes a third of the
// time of a merge. Merges yield to inserts and queries.
var configTemplate = template.Must(template.New("config").Parse(`<clickhouse>
  <users_config>{{.UsersPath}}</users_config>
  <max_server_memory_usage>{{.MaxMemory}}</max_server_memory_usage>
  <mark_cache_size>268435456</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <timezone>UTC</timezone>
  <logger><level>warning</level><console>0</console><log>{{.LogPath}}</log><errorlog>{{.LogPath}}.err</errorlog><size>10M</size><count>3</count></logger>
  <user_files_path>{{.UserFiles}}</user_files_path>
  <background_pool_size>2</background_pool_size>
  <os_threads_nice_value_merge_mutate>10</os_threads_nice_value_merge_mutate>
  <max_concurrent_queries>200</max_concurrent_queries>
  <merge_tree><auto_statistics_types></auto_statistics_types></merge_tree>
</clickhouse>
`))

// The default user is the engine's own session inside the child. It must
// exist without a password and is therefore given nothing of ours.
var usersTemplate = template.Must(template.New("users").Parse(`<clickhouse>
  <profiles>
    <default><log_queries>0</log_queries></default>
    <owner><log_queries>0</log_queries>{{if .MaxThreads}}<max_threads>{{.MaxThreads}}</max_threads>{{end}}</owner>
    <reader><readonly>2</readonly><log_queries>0</log_queries><max_memory_usage>{{.ReaderMemory}}</max_memory_usage><max_execution_time>60</max_execution_time>
      <constraints><max_memory_usage><min>1</min><max>{{.ReaderMemory}}</max></max_memory_usage><max_execution_time><min>1</min><max>60</max></max_execution_time></constraints></reader>
  </profiles>
  <quotas><default/></quotas>
  <users>
    <default>
      <password></password><profile>default</profile><quota>default</quota>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <grants><query>GRANT SYSTEM LISTEN ON *.*</query><query>GRANT CREATE TEMPORARY TABLE ON *.*</query></grants>
    </default>
    <duban>
      <password_sha256_hex>{{.OwnerHash}}</password_sha256_hex><profile>owner</profile><quota>default</quota>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <access_management>0</access_management>
    </duban>
    <duban_reader>
      <password_sha256_hex>{{.ReaderHash}}</password_sha256_hex><profile>reader</profile><quota>default</quota>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <grants><query>GRANT SELECT ON duban.*</query></grants>
    </duban_reader>
  </users>
</clickhouse>
`))

// writeServerConfig writes config.xml and users.xml below dir and returns the
// path of the former. Passwords are stored only as hashes.
func writeServerConfig(dir string, cfg ServerConfig, owner, reader string) (string, error) {
	confDir := filepath.Join(dir, "config")
	if err := os.MkdirAll(confDir, 0o700); err != nil {
		return "", fmt.Errorf("create ClickHouse configuration folder: %w", err)
	}
	usersPath := filepath.Join(confDir, "users.xml")
	configPath := filepath.Join(confDir, "config.xml")
	if err := render(usersPath, usersTemplate, map[string]any{
		"OwnerHash": hashPassword(owner), "ReaderHash": hashPassword(reader),
		"MaxThreads": cfg.MaxThreads, "ReaderMemory": cfg.MaxMemoryBytes / 2,
	}); err != nil {
		return "", err
	}
	return configPath, render(configPath, configTemplate, map[string]any{
		"UsersPath": escape(usersPath), "MaxMemory": cfg.MaxMemoryBytes,
		"LogPath": escape(filepath.Join(dir, "server.log")), "UserFiles": escape(filepath.Join(dir, "user_files")),
	})
}

func render(path string, t *template.Template, data any) error {
	var buf bytes.Buffer
	if err := t.Execute(&buf, data); err != nil {
		return fmt.Errorf("render %s: %w", path, err)
	}
	if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write ClickHouse configuration: %w", err)
	}
	return nil
}

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a bytes.Buffer never fails
	return b.String()
}

func hashPassword(p string) string {
	sum := sha256.Sum256([]byte(p))
	return hex.EncodeToString(sum[:])
}
