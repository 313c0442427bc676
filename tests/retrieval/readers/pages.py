# ruff: noqa: E501  # saved pages have long lines
"""Whole pages as sites of several typical layouts save them, around a given body."""

from collections.abc import Callable

TITLE = "示例县人民政府关于优化补贴申领服务的通知"

OWN_BODY = """
<p style="text-align:center"><b>示例县人民政府关于优化<br>补贴申领服务的通知</b></p>
<p style="text-align:center">示政发〔2024〕12号</p>
<p>各乡镇人民政府，县政府各部门：</p>
<p>　　为方便群众办理补贴申领，现就有关事项通知如下。</p>
<p><strong>一、申领条件</strong></p>
<p>（一）具有本县户籍，或者在本县连续居住满一年，并按规定办理居住登记。</p>
<p>（二）年满六十周岁。<a href="http://example.invalid/law">《中华人民共和国老年人权益保障法》</a>另有规定的，从其规定。</p>
<p>二、补贴标准</p>
<table border="1"><tbody>
<tr><td>类别</td><td>对象</td><td>每月标准</td></tr>
<tr><td rowspan="2">高龄津贴</td><td>80至89周岁</td><td>100元</td></tr>
<tr><td>90周岁以上</td><td>200元</td></tr>
</tbody></table>
<p>三、本通知自2024年5月1日起施行，有效期五年。</p>
<p style="text-align:right">示例县人民政府&nbsp;&nbsp;</p>
<p style="text-align:right">2024年4月18日</p>
<p>（此件公开发布）</p>
<p>附件：申领表</p>
"""

OWN_TEXT = """
示例县人民政府关于优化补贴申领服务的通知示政发〔2024〕12号各乡镇人民政府，县政府各部门：
为方便群众办理补贴申领，现就有关事项通知如下。一、申领条件
（一）具有本县户籍，或者在本县连续居住满一年，并按规定办理居住登记。
（二）年满六十周岁。《中华人民共和国老年人权益保障法》另有规定的，从其规定。二、补贴标准
类别对象每月标准高龄津贴80至89周岁100元90周岁以上200元
三、本通知自2024年5月1日起施行，有效期五年。示例县人民政府2024年4月18日（此件公开发布）附件：申领表
"""

MENU = "".join(
    f'<li><a href="/{n}/">{word}</a></li>'
    for n, word in enumerate(["首页", "政务公开", "办事服务", "互动交流", "走进示例", "数据发布"])
)
RELATED = "".join(
    f'<li><a href="/r{n}.html">{word}</a><span>2024-0{n + 1}-12</span></li>'
    for n, word in enumerate(
        [
            "一图读懂：高龄津贴怎么领",
            "示例县民政局关于开展敬老月活动的通知",
            "示例县人民政府办公室关于印发养老服务实施方案的通知",
            "县民政局负责人就补贴申领答记者问",
        ]
    )
)
FOOT = """主办：示例县人民政府办公室　承办：示例县数据局　网站标识码：9999990001
<br>备案序号：示ICP备00000000号　示公网安备 99999902000001号<br>
<a href="/map">网站地图</a> | <a href="/about">关于我们</a> | <a href="/contact">联系我们</a>"""


def national(title: str, body: str) -> str:
    """A metadata table above, the text in #UCAP-CONTENT, share buttons and links below."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}_政府信息公开专栏_示例网</title>
<style>.a{{color:red}}</style><script>var t="不是正文";</script></head><body>
<div class="header"><div class="logo"><img src="l.png" alt="示例网"></div><ul class="nav">{MENU}</ul></div>
<div class="BreadcrumbNav"><a href="/">首页</a> &gt; <a href="/zc/">政策</a> &gt; 正文</div>
<div class="main"><table class="bd1"><tbody><tr><td><b>索 引 号：</b></td><td>000-01/2024-00012</td>
<td><b>主题分类：</b></td><td>民政\\优抚</td></tr>
<tr><td><b>发文机关：</b></td><td>示例县人民政府</td><td><b>成文日期：</b></td><td>2024年04月18日</td></tr>
<tr><td><b>标　　题：</b></td><td>{title}</td><td></td><td></td></tr>
<tr><td><b>发文字号：</b></td><td>示政发〔2024〕12号</td><td><b>发布日期：</b></td><td>2024年04月20日</td></tr>
</tbody></table>
<table><tbody><tr><td class="b12c" id="UCAP-CONTENT">{body}</td></tr></tbody></table>
<div class="share">分享到：<a href="#">微信</a><a href="#">微博</a></div>
<div class="related"><h4>相关稿件</h4><ul>{RELATED}</ul></div></div>
<div class="footer">{FOOT}</div></body></html>"""


def provincial(title: str, body: str) -> str:
    """Title, source line and font buttons above; the container has an unknown name."""
    return f"""<html><head><meta charset="utf-8"><meta name="ArticleTitle" content="{title}">
<title>{title} - 示例省民政厅</title></head><body>
<div id="top"><a href="/login">登录</a> | <a href="/reg">注册</a> | <a href="/wza">无障碍浏览</a></div>
<div class="menu"><ul>{MENU}</ul></div>
<div class="wrap"><div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/tz">通知公告</a></div>
<div class="left_side"><h3>栏目导航</h3><ul>{MENU}</ul></div>
<div class="right_box"><h1>{title}</h1>
<div class="info">来源：示例省民政厅　发布时间：2024-04-20 10:30　浏览次数：1203　【字体：<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>】</div>
<div class="txt_con">{body}</div>
<div class="bdsharebuttonbox"><a href="#">QQ空间</a><a href="#">微信</a></div>
<div class="pre_next"><p>上一篇：<a href="/1.html">关于春节放假的通知</a></p><p>下一篇：<a href="/3.html">关于开展年检的公告</a></p></div>
<div class="list"><h3>相关链接</h3><ul>{RELATED}</ul></div></div></div>
<div id="bottom">{FOOT}</div></body></html>"""


def county(title: str, body: str) -> str:
    """An old page laid out with tables, without any name."""
    links = "".join(f'<td><a href="/{n}">栏目{n}</a></td>' for n in range(8))
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>{title}</title></head><body bgcolor="#fff"><table width="1000" align="center"><tr>{links}</tr></table>
<table width="1000" align="center"><tr><td>您现在的位置：<a href="/">网站首页</a> &gt;&gt; <a href="/t">通知公告</a> &gt;&gt; 正文</td></tr></table>
<table width="1000" align="center"><tr><td width="200" valign="top"><table><tr><td><a href="/a">领导信箱</a></td></tr>
<tr><td><a href="/b">网上调查</a></td></tr><tr><td><a href="/c">办事指南</a></td></tr></table></td>
<td valign="top"><table width="100%"><tr><td align="center"><font size="2">发布时间：2024-4-20　　点击数：88</font></td></tr>
<tr><td>{body}</td></tr><tr><td align="right"><a href="javascript:window.print()">打印本页</a> <a href="javascript:window.close()">关闭窗口</a></td></tr></table></td></tr></table>
<table width="1000" align="center"><tr><td align="center">{FOOT}</td></tr></table></body></html>"""


def flat(title: str, body: str) -> str:
    """The text lies directly in the body, between menu and footer."""
    return f"""<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title></head><body>
<nav><ul>{MENU}</ul></nav><p><a href="/">首页</a> &gt; <a href="/x">信息公开</a> &gt; <a href="/y">政策文件</a></p>
<noscript>请启用脚本</noscript>{body}<p>【<a href="#">打印</a>】【<a href="#">关闭</a>】</p>
<h4>相关信息</h4><ul>{RELATED}</ul><hr><footer><p>{FOOT}</p></footer></body></html>"""


def portal(title: str, body: str) -> str:
    """A generous `.content` that holds path, text, a side column with teasers and a list."""
    teasers = "".join(
        f'<div class="item"><a href="/n{n}"><h5>热点{n}：养老服务再升级</h5><p>记者从县民政局获悉，今年将新增助餐点。</p></a></div>'
        for n in range(4)
    )
    return f"""<html><head><meta charset="utf-8"><title>{title}-示例县人民政府</title></head><body><header><h2><a href="/">示例县人民政府</a></h2>
<form><input name="q" value="搜索"><button>搜索</button></form><ul>{MENU}</ul></header>
<div class="content"><div class="crumb"><span>首页</span><span>&gt;</span><span>政策</span></div>
<div class="article">{body}<p class="editor">责任编辑：张三</p></div>
<div class="sidebar"><h3>热门推荐</h3>{teasers}</div><div class="xgwd"><p>相关文档</p><ul>{RELATED}</ul></div></div>
<div class="footer-wrap"><p>{FOOT}</p></div><div class="popup" style="display:none">扫一扫在手机打开当前页</div></body></html>"""


SCRIPTED = "".join(
    f'<span onclick="go({n})">{w}</span> '
    for n, w in enumerate(["首 页", "政务动态", "信息公开", "办事大厅"])
)


def blog(title: str, body: str) -> str:
    """A general content system: article, aside, previous and next."""
    return f"""<html><head><meta charset=utf-8><title>{title} | 示例市政府</title></head><body class="single post-1"><header id="masthead"><div class="site-branding">示例市政府</div><nav class="main-navigation">{MENU}</nav></header><div id="content"><main><article class="post hentry"><header class="entry-header"><div class="entry-meta">发布于 2024-04-20 作者 管理员</div></header><div class="entry-content">{body}</div><footer class="entry-footer">标签: <a href=/t>养老</a></footer></article><nav class="post-navigation"><a href=/p>上一篇文章 春节通知</a><a href=/n>下一篇文章 年检</a></nav></main><aside class="widget-area"><section class="widget"><h2>最近文章</h2><ul>{RELATED}</ul></section></aside></div><footer class="site-footer">{FOOT}</footer></body></html>"""


def scripted(title: str, body: str) -> str:
    """Tables again; the menu has no links, only scripts."""
    return f"""<html><head><meta charset=utf-8><title>{title}</title></head><body><table><tr><td class="bt_menu">{SCRIPTED}</td></tr></table><table><tr><td class="lm">你的位置：首 页 → 政策文件 → 正文</td></tr><tr><td class="zt_text">{body}</td></tr><tr><td>【大 中 小】【打印】【关闭】</td></tr></table><div>版权所有 示例县人民政府 地址：示例路1号 邮编：000000 电话：0000-0000000</div></body></html>"""


def editor(title: str, body: str) -> str:
    """A container that the editor names, title and date line above, annex below."""
    return f"""<html><head><meta charset=utf-8><title>{title}</title></head><body><div class="hd">{MENU}</div><div class="con"><div class="con-title">{title}</div><div class="date">2024-04-20 10:00 来源：示例县 访问量：<span id=c></span></div><div class="view TRS_UEDITOR trs_paper_default trs_web">{body}</div><div class="fj">附件：<a href="1.doc">申领表.doc</a></div></div><div class="ft">{FOOT}</div></body></html>"""


SIDE = "示例县位于示例省东部，总面积一千二百平方公里，下辖十二个乡镇。近年来经济社会持续健康发展，人民生活水平不断提高。"


def columns(title: str, body: str) -> str:
    """Side columns with prose of their own."""
    return f"""<html><head><meta charset=utf-8><title>{title}</title></head><body><div class="wrapper"><div class="col-left"><h3>县情简介</h3><p>{SIDE}</p></div><div class="col-main"><div class="bread">首页 / 政策 / 正文</div><div class="detail-con">{body}</div></div><div class="col-right"><h3>公告</h3><p>本周六系统维护，请提前办理。</p><ul>{RELATED}</ul></div></div><div class="bot">{FOOT}</div></body></html>"""


def short_names(title: str, body: str) -> str:
    """Names that say nothing; a disclaimer below."""
    return f"""<html><head><meta charset=utf-8><title>{title}</title></head><body><div id=app><div class=h>{MENU}</div><div class=m><div class=x>{body}</div><div class="statement">声明：本网站所载内容仅供参考，转载请注明来源，如有侵权请联系我们删除。</div><div class=p><a href=javascript:;>打印</a> <a href=javascript:;>关闭</a></div></div><div class=f>{FOOT}</div></div></body></html>"""


def centred(title: str, body: str) -> str:
    """All in one <center>."""
    return f"""<html><head><meta charset=utf-8><title>{title}</title></head><body><div class="topbar">今天是2024年5月1日 星期三 欢迎访问示例县人民政府网站！</div>{MENU}<div class="weizhi">您当前所在位置 &gt; 首页 &gt; 政策</div><center>{body}</center><p>扫一扫，手机阅读</p><p>【字体：<a>大</a> <a>中</a> <a>小</a>】 打印</p><p>{FOOT}</p></body></html>"""


def catalogue(title: str, body: str) -> str:
    """A metadata table without colons; a list of explanations below."""
    return f"""<html><head><meta charset=utf-8><title>{title}</title></head><body><ul class="skiplinks"><li><a href=#m>跳到正文</a></li></ul><div class="gov-head"><span>长者模式</span><span>无障碍</span><span>登录</span><input value=请输入></div><section class="policy"><table class="xxgk"><tr><th>索引号</th><td>000/2024-1</td><th>分类</th><td>民政</td></tr><tr><th>发布机构</th><td>示例县人民政府</td><th>发文日期</th><td>2024-04-18</td></tr><tr><th>文号</th><td>示政发〔2024〕12号</td><th>有效性</th><td>有效</td></tr></table><div class="policy-txt">{body}</div></section><section class="jd"><h3>政策解读</h3>{RELATED}</section><div class="footer">{FOOT}</div></body></html>"""


def messenger(title: str, body: str) -> str:
    """A public account of a messenger."""
    return f"""<html><head><meta charset=utf-8><title>{title}</title></head><body><div id="js_article" class="rich_media"><div id="img-content"><h1 id="activity-name">{title}</h1><div id="meta_content"><span>示例发布</span> <em id="publish_time">2024-04-20 09:00</em> <em>示例</em></div><div class="rich_media_content" id="js_content">{body}</div><div id="js_tags_preview_toast">#养老</div></div><div class="bottom_bar">阅读 1万+ 赞 33 在看 12 写留言</div></div></body></html>"""


def campus(title: str, body: str) -> str:
    """A container named by another content system, pager in a form."""
    return f"""<html><head><meta charset=utf-8><title>{title}-示例学院</title></head><body><div class="wrap"><div class="logo"><a href=/><img></a></div><div class="nav2"><ul>{MENU}</ul></div><div class="dqwz">当前位置： <a href=/>首页</a> <a href=/z>规章制度</a> 正文</div><form name="_newscontent_fromname"><div class="content-title"><h3>{title}</h3><i>发布日期：2024-04-20　　作者：　　来源：　　点击：[<span>12</span>]</i></div><div id="vsb_content"><div class="v_news_content">{body}</div></div><p><span>上一条：<a href=1>春节通知</a></span> <span>下一条：<a href=2>年检公告</a></span></p><p>【<a href=javascript:>关闭</a>】</p></form></div><div class="copy">{FOOT}</div></body></html>"""


def tree(title: str, body: str) -> str:
    """A tree of columns without links at the left, one metadata line."""
    return f"""<html><head><meta charset=utf-8><title>示例市人民政府 规范性文件 {title}</title></head><body><div class="w1200"><div class="xxgk-left"><ul class="tree"><li>机构职能</li><li>规范性文件</li><li>财政信息</li><li>人事信息</li></ul></div><div class="xxgk-right"><div class="tit">{title}</div><div class="sub">索引号：000/2024　发布机构：示例市民政局　发布日期：2024-04-20　文号：示民发〔2024〕3号</div><div class="bd" id="zoomcon">{body}</div><div class="btns"><span>打印</span><span>收藏</span></div><div class="gl"><b>相关解读</b><p><a href=/1>《通知》政策解读</a></p></div></div></div><div class="end">{FOOT}</div></body></html>"""


def phone(title: str, body: str) -> str:
    """A page for phones: everything in paragraphs."""
    return f"""<html><head><meta charset=utf-8><title>{title}</title></head><body><div class="mobile-top">示例政务 打开APP</div><div class="page"><p class="tt">{title}</p><p class="time">2024年04月20日 10:20　来源：示例日报</p>{body}<p class="more"><a href=/l>返回列表</a></p></div><div class="recommend-list"><p>猜你喜欢</p>{RELATED}</div></body></html>"""


def archive(title: str, body: str) -> str:
    """Tables, a rule above and below, a maintenance line."""
    return f"""<html><head><meta charset=utf-8><title>{title}</title></head><body><table width=100%><tr><td colspan=2><img src=banner.jpg></td></tr><tr><td width=20% valign=top><p><b>导航</b></p><p><a href=1>机构简介</a></p><p><a href=2>政务动态</a></p><p><a href=3>法律法规</a></p></td><td><h2 align=center>{title}</h2><hr>{body}<hr><p align=right><a href="javascript:history.back()">返回</a></p></td></tr><tr><td colspan=2 align=center><font size=2>示例县档案局 制作维护<br>Copyright 2010 All Rights Reserved</font></td></tr></table></body></html>"""


LAYOUTS: dict[str, Callable[[str, str], str]] = {
    layout.__name__: layout
    for layout in (
        *(national, provincial, county, flat, portal),
        *(blog, scripted, editor, columns, short_names, centred, catalogue),
        *(messenger, campus, tree, phone, archive),
    )
}
