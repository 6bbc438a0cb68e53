package store

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
	"time"
)

// ServerConfig is what the embedded server is started with.
type ServerConfig struct {
	// MaxMemoryBytes bounds the whole server.
	MaxMemoryBytes int64
	// MaxThreads bounds one query; 0 leaves the engine's default.
	MaxThreads int
	// KeepFreeBytes is what inserts and merges leave free on the disk: below it the
	// engine refuses to begin one. It looks at each of them, where a watch from outside
	// looks now and then.
	KeepFreeBytes uint64
	// KeepReplaced is how long the parts that a merge has replaced are kept.
	KeepReplaced time.Duration
	// LogBytes is how large the log grows before the next one is begun; four older ones, packed, are
	// kept beside it.
	LogBytes int64
	// UserFiles lets the owner read files of the folder user_files by the table
	// function file; for measurements only.
	UserFiles bool
}

// DefaultServerConfig suits a small machine.
func DefaultServerConfig() ServerConfig {
	return ServerConfig{MaxMemoryBytes: 6 << 30, KeepReplaced: 5 * time.Minute, LogBytes: 10 << 20}
}

// Column statistics are switched off: our queries find their rows by primary
// key, and counting the distinct values of every column takes a third of the
// time of a merge. Merges yield to inserts and queries.
//
// The log: the engine as a library takes no notice of the level of <log>, writes
// every statement with its parameters there, and keeps to warnings in <errorlog>;
// so there is an errorlog alone. What fails in a statement is told to whoever sent it
// and repeated here with its text, which can hold personal data, by the loggers that
// are switched off; what happens behind the statements (merges, parts, disks) is kept.
//
// Parts that a merge has replaced are kept for minutes, in which a merged part that turns out
// broken is noticed (see upkeep.Parts) and made again from them. While messages flow all parts
// are replaced again and again: kept for an hour they were ten times what they were merged into,
// and filled a small disk by themselves.
var configTemplate = template.Must(template.New("config").Parse(`<clickhouse>
  <users_config>{{.UsersPath}}</users_config>
  <max_server_memory_usage>{{.MaxMemory}}</max_server_memory_usage>
  <mark_cache_size>268435456</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <timezone>UTC</timezone>
  <logger><console>0</console><errorlog>{{.LogPath}}</errorlog><size>{{.LogBytes}}</size><count>3</count>
    <levels>{{range .Silent}}<logger><name>{{.}}</name><level>none</level></logger>{{end}}</levels></logger>
  <user_files_path>{{.UserFiles}}</user_files_path>
  <background_pool_size>2</background_pool_size>
  <os_threads_nice_value_merge_mutate>10</os_threads_nice_value_merge_mutate>
  <max_concurrent_queries>200</max_concurrent_queries>
  {{if .KeepFree}}<storage_configuration>
    <disks><default><keep_free_space_bytes>{{.KeepFree}}</keep_free_space_bytes></default></disks>
  </storage_configuration>
  {{end}}<merge_tree><auto_statistics_types></auto_statistics_types><old_parts_lifetime>{{.KeepReplaced}}</old_parts_lifetime></merge_tree>
</clickhouse>
`))

// silentLoggers are those that repeat statements and the values in them.
func silentLoggers() []string {
	return []string{"executeQuery", "TCPHandler", "TCPHandlerFactory", "Parser", "InterpreterSelectQuery",
		"ConstraintTransform", "PipelineExecutor"}
}

// The user default is the engine's own session inside the child, opened before
// anything listens. It must exist and cannot have a password, so it is closed to all
// others in two ways: it may have one session, which the engine itself holds for its
// life, and it may come from 127.0.0.1 only, where the engine does not listen if there
// is a ::1. And it has no right to anything of ours.
//
// The profile default is also the base of the others, which take the limit back.
//
// The owner may neither end the server nor stop it from listening, and reach no file
// and no other machine. The scalar function file needs no right: the confinement of
// the process is what keeps it inside the data, see confine.
var usersTemplate = template.Must(template.New("users").Parse(`<clickhouse>
  <profiles>
    <default><log_queries>0</log_queries><max_sessions_for_user>1</max_sessions_for_user></default>
    <owner><max_sessions_for_user>0</max_sessions_for_user><log_queries>0</log_queries>
      {{if .MaxThreads}}<max_threads>{{.MaxThreads}}</max_threads>{{end}}</owner>
    <reader><max_sessions_for_user>0</max_sessions_for_user><readonly>2</readonly><log_queries>0</log_queries>
      <max_memory_usage>{{.ReaderMemory}}</max_memory_usage><max_execution_time>60</max_execution_time>
      <constraints><max_memory_usage><min>1</min><max>{{.ReaderMemory}}</max></max_memory_usage>
      <max_execution_time><min>1</min><max>60</max></max_execution_time></constraints></reader>
  </profiles>
  <quotas><default/></quotas>
  <users>
    <default>
      <password></password><profile>default</profile><quota>default</quota>
      <networks><ip>127.0.0.1</ip></networks>
      <grants><query>GRANT SYSTEM LISTEN ON *.*</query><query>GRANT CREATE TEMPORARY TABLE ON *.*</query></grants>
    </default>
    <duban>
      <password_sha256_hex>{{.OwnerHash}}</password_sha256_hex><profile>owner</profile><quota>default</quota>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <grants><query>GRANT ALL ON *.*</query><query>REVOKE SYSTEM LISTEN, SYSTEM SHUTDOWN ON *.*</query>
        {{if not .Files}}<query>REVOKE READ, WRITE ON *</query><query>REVOKE SOURCES ON *.*</query>{{end}}</grants>
    </duban>
    <duban_reader>
      <password_sha256_hex>{{.ReaderHash}}</password_sha256_hex><profile>reader</profile><quota>default</quota>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <grants><query>GRANT SELECT ON duban.*</query></grants>
    </duban_reader>
  </users>
</clickhouse>
`))

// logFolder, below the folder of the engine, is where it writes its log.
const logFolder = "log"

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
		"MaxThreads": cfg.MaxThreads, "ReaderMemory": cfg.MaxMemoryBytes / 2, "Files": cfg.UserFiles,
	}); err != nil {
		return "", err
	}
	return configPath, render(configPath, configTemplate, map[string]any{
		"UsersPath": escape(usersPath), "MaxMemory": cfg.MaxMemoryBytes,
		"LogBytes": cfg.LogBytes, "LogPath": escape(filepath.Join(dir, logFolder, "server.log")),
		"UserFiles": escape(filepath.Join(dir, "user_files")),
		"Silent":    silentLoggers(), "KeepFree": cfg.KeepFreeBytes, "KeepReplaced": int(cfg.KeepReplaced.Seconds()),
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
