-- A legal hold and a kiosk that was revoked are noted like an erasure, too: a restored copy has them again (ADR 98).
ALTER TABLE "erasures" DROP CONSTRAINT "erasures_kind_check";
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_kind_check"
  CHECK (kind IN ('case', 'case_asked', 'case_files', 'evidence', 'identity',
    'account', 'sign_in', 'passkey', 'carrier_key', 'comment', 'kiosk', 'legal_hold'));
CREATE INDEX "legal_holds_noted" ON "erasures"("subject_id") WHERE (kind = 'legal_hold'::text);
