-- CreateEnum
CREATE TYPE "check_answer" AS ENUM ('yes', 'no', 'not_visible', 'none', 'unknown');

-- AlterTable
ALTER TABLE "case_keys" ADD COLUMN     "proof_version" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "disclosures" ADD COLUMN     "proof_version" INTEGER;

-- CreateTable
CREATE TABLE "proof_checks" (
    "case_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "move" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "area_id" TEXT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "imei" "check_answer",
    "name" "check_answer",
    "device" "check_answer",

    CONSTRAINT "proof_checks_pkey" PRIMARY KEY ("case_id","seq")
);

-- CreateIndex
CREATE INDEX "proof_checks_area_id_decided_at_idx" ON "proof_checks"("area_id", "decided_at");

-- CreateIndex
CREATE INDEX "proof_checks_decided_at_idx" ON "proof_checks"("decided_at");

-- AddForeignKey
ALTER TABLE "proof_checks" ADD CONSTRAINT "proof_checks_case_id_seq_fkey" FOREIGN KEY ("case_id", "seq") REFERENCES "case_events"("case_id", "seq") ON DELETE CASCADE ON UPDATE CASCADE;

-- Which answers a question takes, and all three together or none.
ALTER TABLE "proof_checks"
  ADD CONSTRAINT "a_check_is_whole" CHECK ((imei IS NULL) = (name IS NULL) AND (imei IS NULL) = (device IS NULL)),
  ADD CONSTRAINT "a_check_answers_its_question" CHECK (
    imei IN ('yes'::check_answer, 'no'::check_answer, 'not_visible'::check_answer)
    AND name IN ('yes'::check_answer, 'no'::check_answer, 'none'::check_answer)
    AND device IN ('yes'::check_answer, 'no'::check_answer, 'unknown'::check_answer)
  ),
  -- Evidence of another IMEI verifies and blocks nothing.
  ADD CONSTRAINT "another_imei_blocks_nothing" CHECK (
    imei IS DISTINCT FROM 'no'::check_answer
    OR move NOT IN ('verify', 'approve', 'hold', 'confirm_hold', 'accept_counterclaim', 'upheld')
  );

-- Row-level security (ADR 21): seen where its case is.
ALTER TABLE "proof_checks" ENABLE ROW LEVEL SECURITY;
CREATE POLICY declared_scope ON "proof_checks" USING (
  CASE WHEN (SELECT scope_is_wide()) THEN true
    ELSE case_id = (SELECT scope_case()) OR (SELECT true FROM cases c WHERE c.id = case_id) END
);

-- Every change of the evidence makes another version of it, whichever code made the change. As the tables' owner, so that no
-- policy hides the row: a change that is not counted would let a decision pass on evidence that nobody has seen.
CREATE FUNCTION count_proof_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  bound constant boolean := row_security_active('case_keys');
  before constant text := coalesce(current_setting('antam.scope', true), '');
  counted boolean;
BEGIN
  IF bound THEN PERFORM set_config('antam.scope', 'system', true); END IF;
  UPDATE case_keys SET proof_version = proof_version + 1
    WHERE case_id IN (OLD.case_id, NEW.case_id);
  counted := FOUND;
  IF bound THEN PERFORM set_config('antam.scope', before, true); END IF;
  -- A file that goes with its key has nothing left to be counted in.
  IF NOT counted AND TG_OP <> 'DELETE' THEN RAISE EXCEPTION 'evidence without a key'; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER proof_changed AFTER INSERT OR DELETE ON evidence
  FOR EACH ROW EXECUTE FUNCTION count_proof_change();
CREATE TRIGGER proof_replaced AFTER UPDATE ON evidence
  FOR EACH ROW WHEN (
    (OLD.case_id, OLD.kind, OLD.state, OLD.sha256, OLD.original_key, OLD.view_key)
    IS DISTINCT FROM (NEW.case_id, NEW.kind, NEW.state, NEW.sha256, NEW.original_key, NEW.view_key)
  )
  EXECUTE FUNCTION count_proof_change();
