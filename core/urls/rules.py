"""Parameters that say how a reader came, not what the page is: the table of those dropped everywhere.

The facts are public: the rules of ClearURLs (https://docs.clearurls.xyz/latest/specs/rules/), AdGuard's
tracking filter (https://github.com/AdguardTeam/AdguardFilters, TrackParamFilter), and the manuals of those
who invented the words. A word that any site could use for its own ends (`ref`, `source`, `from`, `id`,
`campaign`) is not among them: such words are dropped on the sites in `sites.py` only.
"""

from dataclasses import dataclass

RULES_VERSION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Parameters of one inventor."""

    whose: str
    names: str
    """In lower case; `*` stands for any ending."""
    value: str = ""
    """The pattern that the value in lower case must match as a whole; empty: any value."""


TRACKING = (
    Words(
        whose="Campaigns of Google Analytics",
        names="utm_* ga_source ga_medium ga_term ga_content ga_campaign",
    ),
    Words(
        whose="Google Ads and Merchant Center",
        names="gclid gclsrc dclid wbraid gbraid gad_source gad_campaignid srsltid",
    ),
    Words(whose="Google's linker between domains", names="_ga _gl"),
    Words(whose="Meta", names="fbclid fb_action_ids fb_action_types fb_source fb_ref igshid igsh"),
    Words(whose="Microsoft Advertising", names="msclkid"),
    Words(whose="Yandex", names="yclid ysclid ymclid yadclid _openstat"),
    Words(whose="Russian law on advertising", names="erid"),
    Words(
        whose="X, TikTok, Reddit, Snapchat, LinkedIn, Pinterest",
        names="twclid ttclid rdt_cid sccid li_fat_id epik",
    ),
    Words(whose="X, around embedded posts", names="ref_src", value="twsrc[^&]*"),
    Words(whose="Mailchimp", names="mc_cid mc_eid mc_tc"),
    Words(whose="HubSpot", names="_hsenc _hsmi __hssc __hstc __hsfp hsctatracking hsa_*"),
    Words(
        whose="Marketo, Eloqua, Omeda",
        names="mkt_tok elqtrackid elqtrack elqaid elqat oly_anon_id oly_enc_id rb_clickid",
    ),
    Words(
        whose="Vero, Klaviyo, MailerLite",
        names="vero_id vero_conv _kx _ke ml_subscriber ml_subscriber_hash",
    ),
    Words(whose="Drip", names="__s", value="[0-9a-z]{6,}"),  # short ones have other meanings at universities
    Words(
        whose="Mindbox, Blueshift, Dynamics",
        names="mindbox-click-id mindbox-message-key bsft_* _clde _cldee",
    ),
    Words(whose="Coremetrics, Cxense, DPG Media", names="cm_mmc* cx_click cx_recsorder cx_recswidget dpg_*"),
    Words(whose="Adobe", names="s_cid s_kwcid ef_id"),
    Words(
        whose="Matomo",
        names="mtm_* matomo_* piwik_* pk_campaign pk_kwd pk_keyword pk_source pk_medium pk_content pk_cid",
    ),
    Words(
        whose="AT Internet (Piano), comScore",
        names="xtor at_medium at_campaign at_custom* ns_mchannel ns_source ns_campaign ns_linkname ns_fee",
    ),
    Words(whose="Webtrekk, Olapic, Branch", names="wt_mc wt_zmc _branch_match_id _branch_referrer"),
    Words(
        whose="Affiliate networks",
        names=(
            "irclickid irgwc cjevent cjdata zanpid tduid sscid ir_campaignid ir_adid ir_partnerid "
            "admitad_uid wickedid"
        ),
    ),
    Words(whose="Consent of Yahoo", names="guccounter guce_referrer guce_referrer_sig"),
    Words(
        whose="Links between pages of one site",
        names="itm_source itm_medium itm_campaign itm_content itm_term",
    ),
)

SESSIONS = (
    Words(
        whose="PHP, Java, ASP, osCommerce, Zen Cart", names="phpsessid jsessionid aspsessionid* oscsid zenid"
    ),
    Words(whose="phpBB", names="sid", value="[0-9a-f]{32}"),
)
"""Who reads, not what (https://www.rfc-editor.org/rfc/rfc6265#section-8.4 tells why that does harm)."""

AMP = (
    Words(whose="AMP for WordPress", names="amp", value="|1|true"),
    Words(whose="Caches of AMP pages", names="amp_js_v amp_gsa amp_ct amp_tf usqp"),
    Words(whose="Arc Publishing", names="outputtype", value="amp"),
)
"""AMP pages of entries. A shop's filter for one ampere is lost with them; that is a list, not an entry."""

EVERYWHERE = (*TRACKING, *SESSIONS, *AMP)
