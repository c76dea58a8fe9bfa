-- CreateEnum
CREATE TYPE "legal_hold_change" AS ENUM ('place', 'lift');

-- CreateEnum
CREATE TYPE "legal_hold_request_state" AS ENUM ('open', 'confirmed', 'refused');

-- AlterTable
ALTER TABLE "data_requests" ADD COLUMN     "proposed_at" TIMESTAMPTZ(3),
ADD COLUMN     "proposed_by_id" UUID,
ADD COLUMN     "proposed_seq" INTEGER;

-- AlterTable
ALTER TABLE "legal_holds" ADD COLUMN     "asked_by_id" UUID,
ADD COLUMN     "lift_asked_by_id" UUID;

-- CreateTable
CREATE TABLE "legal_hold_requests" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "change" "legal_hold_change" NOT NULL,
    "basis" TEXT NOT NULL,
    "state" "legal_hold_request_state" NOT NULL DEFAULT 'open',
    "event_seq" INTEGER NOT NULL,
    "asked_by_id" UUID NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by_id" UUID,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "legal_hold_requests_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "legal_hold_requests_case_id_asked_at_idx" ON "legal_hold_requests"("case_id", "asked_at");

-- CreateIndex
CREATE INDEX "legal_hold_requests_open" ON "legal_hold_requests"("asked_at", "id") WHERE (state = 'open'::legal_hold_request_state);

-- CreateIndex
CREATE UNIQUE INDEX "one_open_legal_hold_request" ON "legal_hold_requests"("case_id") WHERE (state = 'open'::legal_hold_request_state);

-- AddForeignKey
ALTER TABLE "legal_hold_requests" ADD CONSTRAINT "legal_hold_requests_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "legal_hold_requests"
  ADD CONSTRAINT "a_legal_hold_needs_two" CHECK (state <> 'confirmed' OR decided_by_id <> asked_by_id),
  ADD CONSTRAINT "a_decision_has_a_person" CHECK ((state = 'open') = (decided_by_id IS NULL) AND (state = 'open') = (decided_at IS NULL));

-- Row-level security (ADR 21): seen where its case is.
ALTER TABLE "legal_hold_requests" ENABLE ROW LEVEL SECURITY;
CREATE POLICY declared_scope ON "legal_hold_requests" USING (
  CASE WHEN (SELECT scope_is_wide()) THEN true
    ELSE case_id = (SELECT scope_case()) OR (SELECT true FROM cases c WHERE c.id = case_id) END
);

-- Triggers and not checks: rows of before have one person.
CREATE FUNCTION erased_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.proposed_by_id IS NULL OR NEW.decided_by_id IS NULL OR NEW.proposed_by_id = NEW.decided_by_id THEN
    RAISE EXCEPTION 'an erasure needs two people' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "data_requests_two" BEFORE UPDATE ON "data_requests"
  FOR EACH ROW WHEN (NEW.kind = 'erase' AND NEW.state = 'granted' AND OLD.state <> 'granted')
  EXECUTE FUNCTION erased_by_two();
CREATE TRIGGER "data_requests_two_at_once" BEFORE INSERT ON "data_requests"
  FOR EACH ROW WHEN (NEW.kind = 'erase' AND NEW.state = 'granted') EXECUTE FUNCTION erased_by_two();

CREATE FUNCTION legally_held_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND (NEW.asked_by_id IS NULL OR NEW.asked_by_id = NEW.placed_by_id)
    OR NEW.lifted_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.lifted_at IS NULL)
      AND (NEW.lift_asked_by_id IS NULL OR NEW.lifted_by_id IS NULL OR NEW.lift_asked_by_id = NEW.lifted_by_id)
  THEN
    RAISE EXCEPTION 'a legal hold needs two people' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "legal_holds_two" BEFORE INSERT OR UPDATE ON "legal_holds"
  FOR EACH ROW EXECUTE FUNCTION legally_held_by_two();
