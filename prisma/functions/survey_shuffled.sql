-- Returns which rows of a table `survey_shuffle` writes again, and the key of a row: the column with its random key, by
-- whose index a part is found, or a text where the table has few rows. `survey_shuffle` itself adds the waiting answers
-- of earlier months.
CREATE OR REPLACE FUNCTION survey_shuffled(p_table text, OUT rows_of text, OUT key_of text) LANGUAGE plpgsql STABLE AS $$
BEGIN
  -- $1 is the first month.
  SELECT s.rows_of, s.key_of INTO STRICT rows_of, key_of FROM (VALUES
    ('survey_responses', 'received_month >= $1', 'id'),
    ('survey_kiosk_responses', 'week >= $1 OR NOT counted', 'id'),
    ('survey_invited_responses', 'NOT counted OR service_date >= $1', 'id'),
    -- Those that have answered. The others were written when they were drawn.
    ('survey_invitations', '$1 IS NOT NULL AND spent', 'id'),
    ('survey_excluded_responses', 'received_month >= $1', 'id'),
    ('survey_comments', 'received_month >= $1 OR NOT released AND exclusion_id IS NULL', 'id'),
    ('survey_suggestions', 'received_month >= $1', 'id'),
    ('survey_receipts', 'received_month >= $1', 'number_hash'),
    -- Dossier codes have a year and no month. The years are listed, because the index begins with the year.
    ('survey_dossier_codes', '$1 IS NOT NULL AND year = ANY (ARRAY(SELECT year FROM survey_dossier_keys))', 'code_hash'),
    ('submissions', '$1 IS NOT NULL AND act IN (''survey.rate'', ''survey.rate_at_kiosk'')', 'key'),
    ('survey_tallies', '$1 IS NOT NULL', 'agency_id || questionnaire_version'),
    ('survey_cells', '$1 IS NOT NULL', 'agency_id || questionnaire_version || question'),
    ('survey_months', 'month >= $1', 'agency_id || questionnaire_version || question || month'),
    ('survey_code_splits', '$1 IS NOT NULL', 'agency_id || questionnaire_version'),
    ('survey_kiosk_cells', '$1 IS NOT NULL', 'agency_id || questionnaire_version || question'),
    ('survey_kiosk_weeks', 'week >= $1', 'agency_id || questionnaire_version || question || week'),
    ('survey_channel_splits', '$1 IS NOT NULL', 'agency_id || questionnaire_version'),
    ('survey_parts', '$1 IS NOT NULL', 'agency_id || questionnaire_version || facet || value'),
    ('survey_same_network', 'month >= $1', 'agency_id || questionnaire_version || month'),
    ('survey_exclusions', 'month >= $1', 'id::text'),
    ('survey_exclusion_totals', '$1 IS NOT NULL', 'agency_id || reason')
  ) AS s (name, rows_of, key_of) WHERE s.name = p_table;
END $$;
