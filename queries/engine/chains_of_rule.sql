-- purpose: What a rule says about the subjects it is asked about; one part of write_chains_of.
-- grain: one row per chain
-- include: rule_chains
{{rule_chains}}
