package account

import "context"

// SupportAddress is the email at which a seller's companies reach it: what the
// seller has given as its own. It is empty until there is one.
func (s *Service) SupportAddress(ctx context.Context, companyID int64) (string, error) {
	info, err := s.information(ctx, companyID)
	return info.Email, err
}
