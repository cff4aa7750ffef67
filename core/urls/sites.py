"""Sites whose addresses we know for certain: their names, their words, and pages with several addresses.

Everything else keeps its host as it is. `www.` is no decoration in general: many sites answer under one of
the two names only, or show something else there, and a redirect or a canonical link tells about the rest.
"""

from dataclasses import dataclass

from core.urls.rules import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is certain of one site."""

    hosts: str
    """Names for the same pages; the first one stands for all. `*.` in front stands for any name below a
    host, and such names stay what they are."""
    drops: str = ""
    """Parameters without a meaning there, as in `rules.py`."""
    pages: tuple[tuple[str, str], ...] = ()
    """Patterns of path and query, each with what stands for it: a path, or a whole address elsewhere; `{0}`
    is the first group."""

    @property
    def words(self) -> tuple[Words, ...]:
        return (Words(whose=self.hosts.split()[0], names=self.drops),) if self.drops else ()


_AMAZON = "com co.uk de fr it es nl se pl ie com.be com.tr ca com.mx com.br in co.jp com.au ae sa eg sg co.za"
_EBAY = "com co.uk de fr it es ca com.au at ch ie nl pl"
_WIKIS = "wikipedia wiktionary wikiquote wikibooks wikisource wikinews wikiversity wikivoyage"
_ALIEXPRESS = "com ru us"

SITES: tuple[Site, ...] = (
    Site(
        hosts="www.youtube.com youtube.com m.youtube.com youtube-nocookie.com www.youtube-nocookie.com",
        drops="si feature pp ab_channel app persist_app noapp cbrd ucbcb themerefresh",
        pages=(
            (r"/watch/?\?(.*?&)??v=([\w-]{11})(&.*)?", "/watch?v={1}&{0}{2}"),
            (
                r"/(?:shorts|live|embed|v)/(?!videoseries|live_stream)([\w-]{11})/?(?:\?(.*))?",
                "/watch?v={0}&{1}",
            ),
        ),
    ),
    Site(
        hosts="youtu.be www.youtu.be",
        drops="si feature",
        pages=((r"/([\w-]{11})/?(?:\?(.*))?", "https://www.youtube.com/watch?v={0}&{1}"),),
    ),
    Site(
        hosts="x.com www.x.com mobile.x.com twitter.com www.twitter.com mobile.twitter.com m.twitter.com",
        drops="ref_src ref_url s t cxt",
        pages=(
            (
                r"/(?:i/web|i|\w{1,15})/status(?:es)?/(\d+)(?:/(?:photo|video)/\d)?/?(?:\?.*)?",
                "/i/status/{0}",
            ),
        ),
    ),
    Site(
        hosts=(
            "www.facebook.com facebook.com m.facebook.com mbasic.facebook.com touch.facebook.com "
            "web.facebook.com"
        ),
        drops=(
            "__tn__ __xts__* __cft__* __eep__ mibextid rdid share_url _rdr _rdc refid fref hc_ref "
            "hc_location paipv eav sfnsn"
        ),
    ),
    Site(
        hosts="www.instagram.com instagram.com m.instagram.com",
        drops="img_index ig_rid ig_mid ig_web_copy_link",
        pages=((r"/(?:[\w.]+/)?(?:p|reel|reels|tv)/([\w-]{5,})/?(\?.*)?", "/p/{0}/{1}"),),
    ),
    Site(hosts="www.threads.com threads.com www.threads.net threads.net", drops="xmt slof"),
    Site(
        hosts="www.tiktok.com tiktok.com m.tiktok.com",
        drops=(
            "_r _t _d is_from_webapp sender_device sender_web_id is_copy_url share_app_id share_link_id "
            "tt_from u_code web_id refer"
        ),
    ),
    Site(
        hosts="www.linkedin.com linkedin.com m.linkedin.com",
        drops="trackingid refid trk lipi midtoken midsig trkemail otptoken rcm originalsubdomain",
    ),
    Site(
        hosts=(
            "www.reddit.com reddit.com old.reddit.com new.reddit.com m.reddit.com np.reddit.com "
            "i.reddit.com sh.reddit.com amp.reddit.com"
        ),
        drops=(
            "share_id rdt ref ref_source ref_campaign correlation_id post_fullname post_index embed_host_url"
        ),
        pages=(
            (r"/(?:(?:r|user|u)/[\w-]+/)?comments/(\w+)(?:/[^/?.]*)?/?(\?.*)?", "/comments/{0}/{1}"),
            (r"/(?:(?:r|user|u)/[\w-]+/)?comments/(\w+)/[^/?]+/(\w+)/?(\?.*)?", "/comments/{0}/_/{1}/{2}"),
        ),
    ),
    Site(
        hosts="redd.it www.redd.it", pages=((r"/(\w+)/?(\?.*)?", "https://www.reddit.com/comments/{0}/{1}"),)
    ),
    Site(
        hosts="t.me www.t.me telegram.me telegram.dog",
        drops="single embed",
        pages=((r"/(?:s/)?([A-Za-z]\w{3,31})/(\d+)/?(\?.*)?", "/{0}/{1}{2}"),),
    ),
    Site(hosts="vk.com www.vk.com m.vk.com vk.ru www.vk.ru m.vk.ru", drops="from share_ref"),
    Site(hosts="ok.ru www.ok.ru m.ok.ru odnoklassniki.ru www.odnoklassniki.ru"),
    *(
        Site(
            hosts=f"www.amazon.{land} amazon.{land} m.amazon.{land} smile.amazon.{land}",
            drops=(
                "ref ref_ pd_rd_* pf_rd_* qid sr crid sprefix dib dib_tag _encoding __mk_* linkcode linkid "
                "tag ascsubtag creativeasin creative camp content-id smid social_share"
            ),
            pages=(
                (
                    r"/(?:[^/?]+/)?(?:dp|gp/product|gp/aw/d|exec/obidos/(?:asin|ASIN))/([A-Z0-9]{10})(?:/ref=[^/?]*)?/?(?:\?.*)?",
                    "/dp/{0}",
                ),
                (r"(/[^?]+?)/ref=[^/?]*(\?.*)?", "{0}{1}"),
            ),
        )
        for land in _AMAZON.split()
    ),
    *(
        Site(
            hosts=f"www.ebay.{land} ebay.{land} m.ebay.{land}",
            drops=(
                "_trkparms _trksid amdata mkevt mkcid mkrid campid toolid customid hash _from itmmeta itmprp"
            ),
            pages=((r"/itm/(?:[^/?]+/)?(\d{9,})/?(\?.*)?", "/itm/{0}{1}"),),
        )
        for land in _EBAY.split()
    ),
    *(
        Site(
            hosts=f"www.aliexpress.{land} aliexpress.{land} m.aliexpress.{land}",
            drops=(
                "spm scm scm_id scm-url pvid algo_pvid algo_exp_id algo_expid btsid ws_ab_test aff_* sk "
                "gps-id initiative_id pdp_npi pdp_ext_f curpageloguid utparam-url gatewayadapt sourcetype "
                "srcsns sdomain businesstype terminal_id afsmartredirect"
            ),
        )
        for land in _ALIEXPRESS.split()
    ),
    Site(hosts="item.taobao.com", drops="spm scm pvid ali_trackid ali_refid ut_sk"),
    Site(hosts="detail.tmall.com", drops="spm scm pvid ali_trackid ali_refid ut_sk"),
    Site(hosts="www.alibaba.com alibaba.com", drops="spm scm tracelog"),
    Site(
        hosts="www.bilibili.com bilibili.com m.bilibili.com",
        drops=(
            "spm_id_from vd_source from_spmid share_source share_medium share_plat share_session_id "
            "share_tag share_times unique_k bbid ts"
        ),
    ),
    Site(
        hosts="www.etsy.com etsy.com",
        drops=(
            "ref click_key click_sum ga_order ga_search_type ga_view_type ga_search_query "
            "organic_search_click frs sts ls content_source"
        ),
    ),
    Site(
        hosts="www.imdb.com imdb.com m.imdb.com",
        drops="ref_ pf_rd_*",
        pages=((r"(/(?:title/tt|name/nm)\d+)/?(\?.*)?", "{0}/{1}"),),
    ),
    Site(hosts="www.ozon.ru ozon.ru m.ozon.ru", drops="asb asb2 avtc avte avts keywords sh"),
    Site(hosts="www.wildberries.ru wildberries.ru", drops="targeturl"),
    Site(hosts="market.yandex.ru m.market.yandex.ru", drops="cpc nid show-uid wprid src_pof stat_user_id"),
    Site(hosts="www.avito.ru avito.ru m.avito.ru", drops="context"),
    Site(
        hosts="open.spotify.com",
        drops="si context nd dlsi pi",
        pages=((r"/intl-[a-z]{2}(?:-[a-z]{2})?(/.+)", "{0}"),),
    ),
    Site(hosts="soundcloud.com www.soundcloud.com m.soundcloud.com", drops="si"),
    Site(hosts="www.twitch.tv twitch.tv m.twitch.tv", drops="tt_content tt_medium tt_email_id"),
    Site(hosts="vimeo.com www.vimeo.com", pages=((r"/video/(\d+)/?(\?.*)?", "/{0}{1}"),)),
    Site(
        hosts="player.vimeo.com", pages=((r"/video/(\d+)/?(?:\?(?!(?:.*&)?h=).*)?", "https://vimeo.com/{0}"),)
    ),
    Site(hosts="medium.com www.medium.com", drops="source _branch_match_id"),
    Site(hosts="*.medium.com", drops="source"),
    Site(
        hosts="*.substack.com", drops="r triedredirect showwelcomeonshare publication_id post_id isfreemail"
    ),
    Site(
        hosts="habr.com www.habr.com m.habr.com habrahabr.ru www.habrahabr.ru",
        pages=(
            (
                r"/(?:(?:ru|en)/)?(?:articles|post|(?:company|companies)/[\w-]+/(?:blog|articles))/(\d+)/?(\?.*)?",
                "/articles/{0}/{1}",
            ),
            (
                r"/(?:(?:ru|en)/)?(?:news|(?:company|companies)/[\w-]+/news)/(?:t/)?(\d+)/?(\?.*)?",
                "/news/{0}/{1}",
            ),
        ),
    ),
    Site(hosts="lenta.ru www.lenta.ru m.lenta.ru"),
    Site(
        hosts="www.nytimes.com nytimes.com mobile.nytimes.com m.nytimes.com",
        drops=(
            "smid smtyp emc partner rref partnerid region module pgtype clicksource action referringsource "
            "unlocked_article_code ugrp"
        ),
    ),
    Site(hosts="www.theguardian.com theguardian.com amp.theguardian.com", drops="cmp"),
    Site(hosts="www.bbc.com bbc.com m.bbc.com", drops="ocid at_* ns_*"),
    Site(hosts="www.bbc.co.uk bbc.co.uk m.bbc.co.uk", drops="ocid at_* ns_*"),
    Site(hosts="www.washingtonpost.com washingtonpost.com", drops="wpisrc wpmm itid pwapi_token wp_*"),
    Site(hosts="www.bloomberg.com bloomberg.com", drops="cmpid cmpid2 srnd sref leadsource"),
    Site(hosts="www.wsj.com wsj.com", drops="mod reflink st", pages=((r"/amp(/articles/.+)", "{0}"),)),
    Site(hosts="www.forbes.com forbes.com", drops="sh ss ctpv"),
    Site(hosts="www.cnn.com cnn.com"),
    Site(hosts="www.cnbc.com cnbc.com", drops="__source", pages=((r"/amp(/\d{4}/.+)", "{0}"),)),
    Site(hosts="www.reuters.com reuters.com", drops="feedtype feedname rpc taid"),
    Site(hosts="www.spiegel.de spiegel.de", pages=((r"(/[^?]+-a-[0-9a-f-]{36})-amp(\?.*)?", "{0}{1}"),)),
    Site(
        hosts="techcrunch.com www.techcrunch.com",
        pages=((r"(/\d{4}/\d\d/\d\d/[^/?]+)/amp/?(\?.*)?", "{0}/{1}"),),
    ),
    Site(hosts="www.theverge.com theverge.com", pages=((r"/platform/amp(/.+)", "{0}"),)),
    *(
        Site(
            hosts=hosts,
            drops="noredirect lq rq",
            pages=(
                (r"/questions/(\d+)(?:/(?!\d+(?:[/?]|$))[^/?]*)?/?(\?.*)?", "/questions/{0}{1}"),
                (r"/q/(\d+)(?:/\d+)?/?(\?.*)?", "/questions/{0}{1}"),
            ),
        )
        for hosts in (
            "stackoverflow.com www.stackoverflow.com",
            "superuser.com www.superuser.com",
            "serverfault.com www.serverfault.com",
            "askubuntu.com www.askubuntu.com",
            "mathoverflow.net www.mathoverflow.net",
            "*.stackexchange.com",
        )
    ),
    *(Site(hosts=f"*.{wiki}.org", drops="wprov") for wiki in _WIKIS.split()),
    Site(hosts="*.blogspot.com", drops="m"),
)

MOBILE_WIKIS = tuple(f".m.{wiki}.org" for wiki in _WIKIS.split())
"""`en.m.wikipedia.org` is `en.wikipedia.org`."""
