-- Returns which rows of a table `survey_shuffle` writes again, and a text that is each row's own.
CREATE OR REPLACE FUNCTION survey_shuffled(p_table text, OUT rows_of text, OUT key_of text) LANGUAGE plpgsql STABLE AS $$
BEGIN
  -- Which rows, with $1 the month from which on; and a text that is each row's own.
  SELECT s.rows_of, s.key_of INTO STRICT rows_of, key_of FROM (VALUES
    ('survey_responses', 'received_month >= $1 OR NOT counted', 'id::text'),
    ('survey_excluded_responses', 'received_month >= $1', 'id::text'),
    ('survey_comments', 'received_month >= $1 OR NOT released AND exclusion_id IS NULL', 'id::text'),
    ('survey_suggestions', 'received_month >= $1', 'id::text'),
    ('survey_receipts', 'received_month >= $1', 'encode(number_hash, ''hex'')'),
    -- Of the year: they have no month.
    ('survey_dossier_codes', '$1 IS NOT NULL', 'encode(code_hash, ''hex'')'),
    ('submissions', '$1 IS NOT NULL AND act IN (''survey.rate'', ''survey.rate_at_kiosk'')', 'key::text'),
    ('survey_tallies', '$1 IS NOT NULL', 'agency_id || questionnaire_version'),
    ('survey_cells', '$1 IS NOT NULL', 'agency_id || questionnaire_version || question'),
    ('survey_months', 'month >= $1', 'agency_id || questionnaire_version || question || month'),
    ('survey_code_splits', '$1 IS NOT NULL', 'agency_id || questionnaire_version'),
    ('survey_exclusions', 'month >= $1', 'id::text'),
    ('survey_exclusion_totals', '$1 IS NOT NULL', 'agency_id || reason')
  ) AS s (name, rows_of, key_of) WHERE s.name = p_table;
END $$;
