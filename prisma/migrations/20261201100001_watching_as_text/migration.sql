-- statement_timeout: 10min
-- The state as text is made by the database, which writes the table anew for it: a second for some 100,000 cases.
ALTER TABLE "cases" ALTER COLUMN "state_text" SET EXPRESSION AS (
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
END);
