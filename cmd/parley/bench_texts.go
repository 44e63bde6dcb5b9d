package main

import "parley/internal/bench"

// benchTexts measures a campaign through the running program.
type benchTexts struct {
	Channel  string `arg:"" enum:"sms,email" help:"sms or email."`
	Messages int    `default:"100000" help:"How many recipients."`
	Kills    int    `default:"0" help:"How often the server is killed meanwhile."`
	Results  string `placeholder:"FOLDER" help:"Keep the figure in this folder."`
}

// Run measures and prints one JSON line; it fails when anything was lost.
func (b benchTexts) Run(e *environment) error {
	r, err := bench.Texts{Channel: b.Channel, Messages: b.Messages, Kills: b.Kills}.Run(e.ctx, progress)
	if b.Kills > 0 {
		r.Name += "-kill"
	}
	if emitted := r.Emit(e.out, b.Results); err == nil {
		err = emitted
	}
	return err
}
