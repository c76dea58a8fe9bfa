-- Row-level security (ADR 21): the database shows and takes rows of cases, persons and evidence only inside the scope
-- that the connection has declared in antam.scope (server/platform/scope.ts): 'system', 'city', 'area:<id>',
-- 'case:<id>'. Nothing declared: nothing there.

-- Below a policy an index is only asked what cannot leak a value: texts, numbers, times, bytes, but no enums. So what
-- an enum stood in is indexed by text, and the blind index by its hash first.

-- DropIndex
DROP INDEX "cases_area_id_state_due_at_id_idx";

-- DropIndex
DROP INDEX "cases_state_due_at_id_idx";

-- AlterTable
ALTER TABLE "blind_index" DROP CONSTRAINT "blind_index_pkey",
ADD CONSTRAINT "blind_index_pkey" PRIMARY KEY ("hash", "case_id", "kind");

-- AlterTable (a cast would not do: labels of enums can be renamed, so it is not immutable)
ALTER TABLE "cases" ADD COLUMN     "state_text" TEXT NOT NULL GENERATED ALWAYS AS (CASE state
  WHEN 'submitted' THEN 'submitted'
  WHEN 'under_review' THEN 'under_review'
  WHEN 'info_requested' THEN 'info_requested'
  WHEN 'verified' THEN 'verified'
  WHEN 'blocking' THEN 'blocking'
  WHEN 'blocked' THEN 'blocked'
  WHEN 'rejected' THEN 'rejected'
  WHEN 'unblock_review' THEN 'unblock_review'
  WHEN 'unblocking' THEN 'unblocking'
  WHEN 'withdrawn' THEN 'withdrawn'
  WHEN 'expired' THEN 'expired'
  WHEN 'unblocked' THEN 'unblocked'
END) STORED;

-- CreateIndex
CREATE INDEX "cases_area_id_state_text_due_at_id_idx" ON "cases"("area_id", "state_text", "due_at", "id");

-- CreateIndex
CREATE INDEX "cases_state_text_due_at_id_idx" ON "cases"("state_text", "due_at", "id");

-- What is declared, as a policy asks it: everything, one district, or one case or draft. Null is nothing.
CREATE FUNCTION scope_is_wide() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN current_setting('antam.scope', true) IN ('system', 'city');
CREATE FUNCTION scope_area() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN substring(current_setting('antam.scope', true) FROM '^area:(.+)$');
CREATE FUNCTION scope_case() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN substring(current_setting('antam.scope', true) FROM '^case:(.+)$')::uuid;

-- Each is asked once a statement (the SELECT makes a parameter of it), and CASE leaves the wide scopes at that. The
-- planner takes half the rows to pass a CASE, which changes no plan; an OR of comparisons it takes nearly none to pass.
-- What belongs to a case is seen where the case is, looked up by its primary key: EXISTS could be hashed over all cases.
DO $$
DECLARE
  of_case constant text := $q$case_id = (SELECT scope_case()) OR (SELECT true FROM cases c WHERE c.id = case_id)$q$;
  guarded text;
  narrow text;
BEGIN
  FOR guarded, narrow IN VALUES
    ('cases', $q$id = (SELECT scope_case()) OR area_id = (SELECT scope_area())$q$),
    ('case_keys', of_case),
    ('case_imeis', of_case),
    ('case_events', of_case),
    -- And by police of any district, below.
    ('blind_index', $q$case_id = (SELECT scope_case())$q$),
    ('consents', of_case),
    ('evidence', of_case),
    ('notices', of_case),
    ('carrier_questions', of_case),
    ('data_requests', of_case),
    ('legal_holds', of_case)
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format(
      'CREATE POLICY declared_scope ON %I USING (CASE WHEN (SELECT scope_is_wide()) THEN true ELSE %s END)',
      guarded, narrow
    );
  END LOOP;
END $$;

-- The blind index holds hashes that say nothing without their key, and a search walks tens of thousands of one name's
-- before it comes to the cases, which are guarded: whoever has a district reads all of it, and writes none.
CREATE POLICY search ON blind_index FOR SELECT USING ((SELECT scope_area()) IS NOT NULL);

-- A draft is no case yet: of no district, and nothing to city police.
ALTER TABLE report_drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY declared_scope ON report_drafts USING (
  CASE WHEN (SELECT current_setting('antam.scope', true) = 'system') THEN true ELSE id = (SELECT scope_case()) END
);

-- The public check is asked by everybody and tells only whether a phone is listed. It looks as the tables' owner, whom the
-- policies leave free, or, where they bind it (one role for both), under a scope declared for that look alone.
CREATE OR REPLACE FUNCTION check_imei(
  p_key14 text, p_key bytea, p_amount integer, p_window_ms integer, p_now timestamptz,
  OUT wait integer, OUT reported boolean
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  bound constant boolean := row_security_active('case_imeis');
  before constant text := coalesce(current_setting('antam.scope', true), '');
BEGIN
  wait := take_hit(p_key, p_amount, p_window_ms, p_now);
  IF bound THEN PERFORM set_config('antam.scope', 'system', true); END IF;
  reported := wait = 0 AND EXISTS (
    SELECT 1 FROM case_imeis WHERE key14 = p_key14::character(14) AND listed
  );
  IF bound THEN PERFORM set_config('antam.scope', before, true); END IF;
END $$;
