-- A consent that its person took back is noted like an erasure, too: a restored copy has it again (ADR 98).
ALTER TABLE "erasures" DROP CONSTRAINT "erasures_kind_check";
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_kind_check"
  CHECK (kind IN ('case', 'case_asked', 'case_files', 'evidence', 'identity',
    'account', 'sign_in', 'passkey', 'carrier_key', 'comment', 'kiosk', 'legal_hold', 'consent')) NOT VALID;
