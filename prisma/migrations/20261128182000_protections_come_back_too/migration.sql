-- What protects people is noted like an erasure: a restored copy has it done again (ADR 98).
ALTER TABLE "erasures" DROP CONSTRAINT "erasures_kind_check";
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_kind_check"
  CHECK (kind IN ('case', 'case_asked', 'case_files', 'evidence', 'identity',
    'account', 'sign_in', 'passkey', 'carrier_key', 'comment'));
