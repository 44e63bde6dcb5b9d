// Package smpp hands short messages to an SMSC over SMPP 3.4. It knows the
// words of package channel and nothing else of the program.
//
// There is one transceiver bind. It is made anew with growing pauses whenever
// it breaks; enquire_link shows that a silent one is dead. A window limits the
// submits that wait for an answer, a rate those that begin in a second.
//
// Terms: a message is cut into parts, each a submit_sm with a name of its own
// given by the SMSC; a receipt is a deliver_sm that tells what became of one.
// A receipt is acknowledged when it has been stored, so that the SMSC repeats
// what we could not keep. SMPP knows no repeats of submits: one that was
// written and never answered is in doubt.
//
// Messages written by telephones are acknowledged and dropped.
package smpp
