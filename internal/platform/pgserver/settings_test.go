package pgserver

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSettingsFitTheMachine(t *testing.T) {
	t.Parallel()
	require.Positive(t, machineMemory())
	require.Equal(t, int64(128*megabyte), clamp(1*gigabyte/16, 128*megabyte, 1*gigabyte))
	require.Equal(t, int64(1*gigabyte), clamp(64*gigabyte/16, 128*megabyte, 1*gigabyte))
	require.Equal(t, "256MB", megabytes(256*megabyte+1))
	settings := serverSettings()
	require.Equal(t, "on", settings["synchronous_commit"])
	for _, risky := range []string{"fsync", "full_page_writes"} {
		require.NotContains(t, settings, risky, "durability stays as Postgres ships it")
	}
	for _, private := range []string{"log_parameter_max_length", "log_parameter_max_length_on_error"} {
		require.Equal(t, "0", settings[private])
	}
}
