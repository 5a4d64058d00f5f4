-- Lists of referrals show the most pressing first.

DROP INDEX referral_of_unit, referral_of_ministry, referral_of_wilaya;
CREATE INDEX referral_of_unit ON referral (unit_body_id, (-priority), due_on, referral_id);
CREATE INDEX referral_of_ministry ON referral (ministry_id, (-priority), due_on, referral_id);
CREATE INDEX referral_of_wilaya ON referral (wilaya_id, (-priority), due_on, referral_id);
