-- SET EXPRESSION is new in PostgreSQL 17. Before it, the column is made anew, with its two indexes.
ALTER TABLE "cases" DROP COLUMN "state_text", ADD COLUMN "state_text" TEXT NOT NULL GENERATED ALWAYS AS (
CASE state
    WHEN 'submitted'::case_state THEN 'submitted'::text
    WHEN 'under_review'::case_state THEN 'under_review'::text
    WHEN 'info_requested'::case_state THEN 'info_requested'::text
    WHEN 'verified'::case_state THEN 'verified'::text
    WHEN 'watching'::case_state THEN 'watching'::text
    WHEN 'blocking'::case_state THEN 'blocking'::text
    WHEN 'blocked'::case_state THEN 'blocked'::text
    WHEN 'rejected'::case_state THEN 'rejected'::text
    WHEN 'unblock_review'::case_state THEN 'unblock_review'::text
    WHEN 'unblocking'::case_state THEN 'unblocking'::text
    WHEN 'withdrawn'::case_state THEN 'withdrawn'::text
    WHEN 'expired'::case_state THEN 'expired'::text
    WHEN 'unblocked'::case_state THEN 'unblocked'::text
    ELSE NULL::text
END) STORED;
CREATE INDEX "cases_unit_id_state_text_act_by_id_idx" ON "cases"("unit_id", "state_text", "act_by", "id");
CREATE INDEX "cases_state_text_act_by_id_idx" ON "cases"("state_text", "act_by", "id");
