"""Names of private persons: said to be names, or beside a number that was hidden.

A machine cannot tell a name alone from a word (高峰, 安康), so a name is hidden only after words
such as 我叫 or 姓名：, and beside other personal data.
"""

import re
from collections.abc import Iterator

from assistant.safety.masked import Found

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦马苗凤"
    "方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵汪祁毛狄米贝"
    "明臧计成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯"
    "管卢莫房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀羊惠甄曲家封储靳汲松井段富巫乌焦巴弓牧"
    "隗山谷车侯宓蓬全班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶黎薄印宿白怀蒲邰从鄂索赖卓蔺屠蒙池乔"
    "阴胥苍闻莘党翟谭贡劳姬申扶冉宰郦雍璩桑桂濮牛寿通边扈燕冀尚农温别庄晏柴瞿阎慕连习宦艾容向古易慎戈廖终衡"
    "步都耿满弘匡国文寇广东欧利蔚越隆师巩聂晁勾敖融冷辛阚那简饶曾沙丰关查后荆红游竺权盖益桓公晋楚闫付肖岳涂"
    "占代詹冼苟覃腾佘佟"
)
_DOUBLE = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|轩辕|宇文|长孙|端木|南宫|独孤|西门"
)
_WORDLIKE = frozenset(
    "于时和计成平安常乐应从后向通都别全家都终满富强东公广国文明查单元干支利师车司有权盖红益房"
)
"""Surnames that are mostly words: no name where nothing else says so."""
_ONE = "[\u4e00-\u9fff]"
_BETWEEN = r"[^\w]{0,2}"

_WHO = (
    r"(?:我|俺|咱|本人|他|她|您|孩子|小孩|宝宝|儿子|女儿|爸爸?|妈妈?|父亲|母亲|老公|老婆|爱人|妻子|丈夫|爷爷|奶奶"
    r"|外公|外婆|弟弟?|妹妹?|哥哥?|姐姐?|朋友|邻居|同事|名字?|大名|真名|全名)"
)
_TOLD = re.compile(
    rf"{_WHO}(?:就|都|是)?叫做?{_BETWEEN}(?!什|啥|不|了|你|他|她|我|车|人|醒|来|去|号|价)"
    r"|(?:姓\s?名|名字|户名|真名|全名|收[件货]人|联系人|户主|申请人|经办人|患者|学生|本人)"
    r"\s*(?:[:：]|叫)\s?"
    r"|(?:姓名|名字|户名|真名|全名)\s?(?:是|为|叫)\s?"
)
_INTRO = re.compile(rf"(?:我是|本人|这里是|姓名)[,，]?\s?(?={_ONE})")
_ROLE = re.compile(
    rf"(?:业主|户主|房东|租客|租户|申请人|经办人|法人|法定代表人|患者|病人|参保人|家长|家属|学生|孩子|儿子|女儿|老公|老婆|丈夫"
    rf"|妻子|父亲|母亲|爸爸|妈妈|爷爷|奶奶|市民|村民|居民|老人|同志|收[件货]人|联系人|俺是|咱是|姓名|叫)[,，：:]?\s?(?={_ONE})"
)
_SPLIT = re.compile(rf"(?:我|本人|俺)姓{_ONE}[,，]?名(?:字?叫|字)?{_ONE}{{1,2}}")
_GIVEN = frozenset(
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲红建国华志玉春梅海荣金凤琴云峰宇轩浩然子涵梓萱雨欣怡佳思远"
    "晨博睿嘉豪俊凯鑫鹏飞龙斌波彬亮健康宁安燕萍莉雪琳倩婷颖慧洁晶莹瑶珊珍淑芬芝芸菊香莲荷花美彩翠珠德福贵全生林森松柏"
    "树根水泉江河山川成才学书礼义仁信忠良善庆祥瑞吉利顺发旺兴盛长永恒毅坚胜东南西北方正元立新民世光耀昌达天宝琪琦瑾瑜"
    "晓梓婧妍妮媛娇婉嫣薇蓉莎茜蕾瑜琼珂珺璟瑄玥岚岩峻崇嵩帆帅廷庭彦彪征恒恩悦慈懿戈政敬旭昊昌昕昱晖晗景曼朋权杉"
    "栋桐梁楠榕樱欢歆沛沁沐泓泽洲浚浦淇淳清渊湘源滨漫潇澜灿炎炜烨焕煜熙燃爽献玮珈琛瑛甜畅皓盈真睦硕祖禾秉秋穆竹筠"
    "筱纯纪素绍继维绪翔翰耘聪胤腾舒航苗若茂茹荔莺菁菲萧葆蓓蔚蕊融衡裕誉诚诗谦贤贵赫超越跃路达远迪迎逸道邦郁鉴锋锐锦"
    "键镇闯阔霄露霆霖靖韬韵音颂顺颜骁骏骥鸣鸿鹃鹤麒麟黎黛鼎保凡勤勋化卓友双喜启哲喻嘉固培增声夏妙姣姗宏定宜宝家宽宾"
    "寅尚展岳川州巧巍平年广开弘彤心必志怀思恺慕成承拓振捷斐新昭显普智曙月木本朴来标柱柳校桃楚次欧武殿民汉汝江池治法润"
    "涵淼湛满火灵然照爱牧玉王环现珠理瑶甫田申留百益盛真石社禄福禹科秦程稳立童笑策管纲经绵罡羽翠育胡自舟良苏英茵草荃莘"
    "璐璇萌诺一小大三四五六七二八九来有"
)
_WORDS = re.compile(
    "高中|江[西苏南北]|金[牌融]|安[全徽]|马[上来]|黄[牛金]|方[正法]|项|单|高[龄三一]|何|易|万|阳|曾经|时|夏天|包|牛|常"
)
_COMMON = re.compile(  # words that look like names of two characters
    "(?:管理|武汉|农民|荆州|欧洲|越来|封建|贡献|关键|高兴|武昌|山东|尚书|卫生|高校|宫廷|巴黎|祖国|韩国|幸福|关心|黄河|华北"
    "|杭州|山西|王国|巩固|代理|高大|江汉|苏州|巴西|鄂州|庞大|周年|越南|山水|白天|方才|华夏|章程|暴露|严峻|欧元|江山|高山"
    "|方程|冷静|山河|解开|管道|高尚|高声|施展|宁夏|简化|郑州|史学|华东|徐州|石化|管家|秋天|凌晨|山路|党政|马路|余家|皮子"
    "|甘心|华南|农田|盛大|盛开|米兰|高新|暴雨|班长|班子|连长|周长|黄山|路子|莫大|农家|余年|童年|温州|卫国|庄家|关东|连年"
    "|山林|黄海|江东|吉利|高贵|金子|毕生|牧民|冷水|关照|曲子|融化|简洁|简明|陆路|松开|苏宁|舒畅|路程"
    "|古诗|苏北|丰满|沙子|宁波|江海|卫校|连环|关爱|仰慕|丰盛|舒展|严明|金华|廉洁|牧草|龙舟|农牧|古朴|解法|党校|苏南|温水"
    "|欧美|柳州|皮炎|农林|农学|丰硕|丰田|党建|申明|费心|惠州|吉林|吉安|雷州|晋江|金家|方志|方舟|薄荷|边长|舒心|齐心|班次"
    "|纪元|宣化|江宁|路南|金元|温泉|安心|安康|成年|平年|毕竟|荣誉|常年|万元|应届|党员|方言|高层|向来|游泳|和平|章节|盛夏"
    "|简易|沙漠|严禁|施工|戴孝|幸好|冷暖|康宁|祝福|祝愿|强生|关乎|司法|解放|贺年|舒适|席位|项目|连续|车辆|方便|方向|方案"
    "|高级|高温|高考|严重|宣传|管辖|高价|全年|全国|全市|全部|安全|安置|计生|成功|成绩|何时|康复|游客|华人|侨民|明年|明天"
    "|元旦|时常|井盖|童鞋|柴油|白领|白血|石材|花园|危房|汽车|单身|万分|别人|都会|和睦)"
)
_STOP_AFTER = (
    "今年|身份|手机|电话|住在|家住|怎么|请问|现在|户口|户籍|年龄|性别|联系|微信|号码|出生|需要|办理|来自|去年|申请"
    "|毕业|参加|社保|医保|身分|护照|可以|老师|先生|女士|今天|昨天|明天|同志|银行卡|卡号|车牌|快递|麻烦|咨询|应该"
    "|[的吗呢啊呀吧了我你您他她男女]"
    r"|[想要是在住请现需办来去帮问有已和跟因从于到以证能可会哈查没不这那上下被把给也还就都何如该应]"
    "(?=[\u4e00-\u9fff])|为(?:什|了|何|啥)"
)
_LABELS = (
    r"(?:(?:的|之)?(?:身份证|身份|证件|手机|电话|联系电话|联系方式|联系|银行卡|卡|账|帐|护照|微信|车牌|座机|电子邮箱|邮箱"
    r"|家庭|住址|地址|qq|QQ|sfz)(?:号码?)?|号码?|[是为:：]|家住|住在|住|男|女|汉族)"
)
_NAMED = rf"(?:(?!的|之|是|为|手机|电话|身份|联系|微信|住|家住){_ONE}){{2,4}}"
_NAMED_PART = rf"(?:(?!的|之|是|为|手机|电话|身份|联系|微信|住|家住){_ONE}){{1,8}}"
_BEFORE = re.compile(rf"(?P<name>{_NAMED}){_BETWEEN}(?:{_LABELS}[^\w]{{0,2}}){{0,4}}$")
_AFTER = re.compile(
    rf"{_BETWEEN}(?:姓名|名字|户名|我叫|叫|是|持有人|本人)?{_BETWEEN}(?P<name>{_ONE}{{2,4}})(?![\u4e00-\u9fff])"
)
_NO_NAME = re.compile(
    r"的|了|吗|呢|我|你|您|他|她|它|们|么|这|那|哪|什|谁|怎|个|下|号|证|卡|码|电话|手机|联系|是|有|没|不|在|和|与|就|都"
    r"|办理|查询|申请|咨询|补贴|医保|社保|公积|窗口|中心|户口|单位|公司|微信|密码|短信|银行|登记|退休|经理|帮|请|麻烦"
    r"|账|帐|房|小区|地址|邮箱|方式|号码|注册|时间|时候|市|县|省|区|街|镇|村|家住|打|发|接|收|加|换|改|绑|补|先生们|谢|人$|员$|户$"
)
_NOT_TOLD = re.compile("[的了吗呢么什谁哪个号]|手机|电话|名称|单位|地址|公司|小区|街道|幼儿")
_DOT = r"\s?[·•・‧∙⋅．.]\s?"
_DOTTED = re.compile(rf"{_ONE}{{1,8}}(?:{_DOT}{_ONE}{{1,8}})+")
_DOTTED_BEFORE = re.compile(
    rf"(?:^|[^\w·]|[叫是]|名字|本人)(?P<name>{_ONE}{{2,8}}(?:{_DOT}{_NAMED_PART}){{1,2}})"
    rf"{_BETWEEN}(?:{_LABELS}[^\w]{{0,2}}){{0,4}}$"
)
_DOTTED_ALONE = re.compile(
    rf"(?:^|(?<=\W)|(?<=[叫是])|(?<=本人))(?P<name>{_ONE}{{2,7}}(?:[·•・‧]{_ONE}{{2,7}}?)+)"
    r"(?=$|\W|\d|身份|今年|想|要|怎|的|[男女]|户|办|在)"
)
_ELEMENTS = re.compile(  # of names of the Uyghur, Kazakh, Kyrgyz, Mongol and Tibetan peoples
    "买买|麦麦|买提|麦提|阿不|阿卜|阿布|阿依|古丽|古力|吐尔|图尔|艾合|艾买|艾尼|艾山|热合|热依|努尔|尼亚|伊力|伊敏|依不|玉素|吾买"
    "|木拉|穆罕|买合|哈力|哈斯|巴图|巴特|其木|其其|格日|乌兰|那仁|扎西|卓玛|次仁|旺堆|多吉|德吉|米热|帕提|帕尔|祖农|沙吾|赛买|肉孜|热孜"
    "|库尔班|卡德|凯赛|迪力|克里木|阿里木|阿迪|阿合|别克|江·|汗·|也尔|叶尔|加娜|马木|苏来|塔依|再努|扎依|司马|亚森|衣马|玛依"
)
_DOUBLED = re.compile(_DOUBLE)
_WHOLE = re.compile(rf"{_ONE}{{2,4}}(?![\u4e00-\u9fff])")
_FIRST = re.compile(rf"[ \u3000]?{_ONE}")
_SECOND = re.compile(rf"[ \u3000]?(?!{_STOP_AFTER}){_ONE}")
_STANDING = re.compile(rf"{_ONE}{{2,4}}?(?=$|[^\w]|\d|身份证|电话|手机|家住|住在)")
_KIND_NUMBERS = frozenset({"identity", "mobile", "card", "passport"})


def told_names(text: str) -> Iterator[Found]:
    """Names after 我叫, 姓名：, 户名是 …, and 我是张三 where the words are nothing but a name."""
    for match in _TOLD.finditer(text):
        if end := _name_end(text, match.end()):
            yield Found(match.end(), end, "name")
    for match in _SPLIT.finditer(text):
        yield Found(match.start(), match.end(), "name")
    for match in _ROLE.finditer(text):
        if end := _alone(text, match.end()):
            yield Found(match.end(), end, "name")
    for match in _DOTTED_ALONE.finditer(text):
        if _ELEMENTS.search(match[0]):
            yield Found(*match.span("name"), "name")
    for match in _INTRO.finditer(text):
        if end := _alone(text, match.end()):
            yield Found(match.end(), end, "name")


def names_beside(text: str, numbers: list[Found]) -> Iterator[Found]:
    """Names directly before or after numbers that are hidden."""
    for each in numbers:
        near = text[max(0, each.start - 24) : each.start]
        if dotted := _DOTTED_BEFORE.search(near):
            begin = each.start - len(near)
            yield Found(begin + dotted.start("name"), begin + dotted.end("name"), "name")
        apart = each.kind != "address" or re.search(r"[\s,，、:：]$", near)
        if apart and (match := _BEFORE.search(near)) and (name := _tail_name(match["name"])):
            end = each.start - len(near) + match.end("name")
            yield Found(end - len(name), end, "name")
        after = _AFTER.match(text, each.end) if each.kind in _KIND_NUMBERS else None
        if after and _is_name(after["name"]):
            yield Found(*after.span("name"), "name")


def _name_end(text: str, at: int) -> int | None:
    """Where the name that begins here ends; None where no name begins."""
    if dotted := _DOTTED.match(text, at):
        return dotted.end()
    if double := _DOUBLED.match(text, at):
        return _given_end(text, double.end())
    if text[at : at + 1] and text[at] in _SURNAMES:
        end = _given_end(text, at + 1)
        if end and not _NOT_TOLD.search(text, at, end):
            return end
        return None
    whole = _WHOLE.match(text, at)
    return whole.end() if whole and not _NO_NAME.search(whole[0]) else None


def _given_end(text: str, at: int) -> int | None:
    """The end of one or two given characters; the second is none where a word begins there.

    What stands spaced (王 小 明) is one name.
    """
    given = _FIRST.match(text, at)
    if not given:
        return None
    second = _SECOND.match(text, given.end())
    if not second or (second.end() - second.start() > given.end() - given.start()):
        return given.end()
    return second.end()


def _alone(text: str, at: int) -> int | None:
    """The end of a name that stands alone up to the next mark, digit or label."""
    match = _STANDING.match(text, at)
    if not match or not _is_name(match[0]) or _is_word(match[0]):
        return None
    plain = _DOUBLED.match(match[0]) or all(sign in _GIVEN for sign in match[0][1:])
    return match.end() if plain else None


def _is_word(words: str) -> bool:
    """Whether what looks like a name begins as a common word does, or is one: 高兴."""
    return _WORDS.match(words) is not None or _COMMON.fullmatch(words) is not None


def _is_name(words: str) -> bool:
    """Whether two to four characters look like a name: a surname, and no word in them."""
    if _NO_NAME.search(words):
        return False
    if _DOUBLED.match(words):
        return len(words) in (3, 4)
    return len(words) in (2, 3) and words[0] in _SURNAMES and words[0] not in _WORDLIKE


def _tail_name(words: str) -> str | None:
    """The longest name at the end of some characters."""
    tails = (words[-size:] for size in (4, 3, 2) if size <= len(words))
    return next((tail for tail in tails if _is_name(tail)), None)
