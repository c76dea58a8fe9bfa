-- A trusted person whom the owner removed is noted like an erasure: a restored copy has them again (ADR 98).
ALTER TABLE "erasures" DROP CONSTRAINT "erasures_kind_check";
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_kind_check"
  CHECK (kind IN ('case', 'case_asked', 'case_files', 'evidence', 'identity', 'registrant', 'registration', 'trusted',
    'account', 'sign_in', 'passkey', 'carrier_key', 'comment', 'kiosk', 'legal_hold', 'consent')) NOT VALID;
